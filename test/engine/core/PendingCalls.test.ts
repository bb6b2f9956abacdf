import { describe, expect, it, vi } from 'vitest';
import { PendingCalls } from '../../../engine/core/PendingCalls.ts';
import { FakeClock } from '../../FakeClock.ts';

const NO_LIMIT = { timeoutMilliseconds: 3_600_000 };

function pending<Answer = unknown>() {
  const clock = new FakeClock();
  return { clock, calls: new PendingCalls<Answer>({ clock, peer: 'the trainer', remedy: 'try again' }) };
}

describe('PendingCalls', () => {
  it('answers each call by its number, in any order', async () => {
    const { calls } = pending<string>();
    const [first, second] = [calls.open('a', NO_LIMIT), calls.open('b', NO_LIMIT)];
    expect(second.number).not.toBe(first.number);
    expect(calls.resolve(second.number, 'two')).toBe(true);
    expect(calls.reject(first.number, new Error('refused'))).toBe(true);
    await expect(first.answer).rejects.toThrow('refused');
    await expect(second.answer).resolves.toBe('two');
    expect(calls.size).toBe(0);
  });

  it('rejects a call at its deadline, and ignores the answer that comes after it', async () => {
    const { calls, clock } = pending();
    const { number, answer } = calls.open('devices', { timeoutMilliseconds: 500 });
    const ending = expect(answer).rejects.toMatchObject({
      kind: 'timeout',
      happened: 'the trainer did not answer "devices" within 0.5 s',
      remedy: 'try again',
    });
    clock.advance(499);
    expect(calls.size).toBe(1);
    clock.advance(1);
    await ending;
    expect(calls.resolve(number, null)).toBe(false);
  });

  it('leaves neither timer nor abort listener behind, however a call ends', async () => {
    const { calls, clock } = pending();
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, 'removeEventListener');
    const limits = { timeoutMilliseconds: 500, signal };
    const [answered, refused, ended] = [calls.open('a', limits), calls.open('b', limits), calls.open('c', limits)];
    calls.resolve(answered.number, 1);
    calls.reject(refused.number, new Error('no'));
    calls.rejectAll(new Error('exited'));
    await answered.answer;
    await expect(refused.answer).rejects.toThrow('no');
    await expect(ended.answer).rejects.toThrow('exited');
    expect(clock.pendingTimers).toBe(0);
    expect(removed).toHaveBeenCalledTimes(3);
  });

  it('counts the deadline from the latest progress', async () => {
    const { calls, clock } = pending();
    const { number, answer } = calls.open('train', { timeoutMilliseconds: 500 });
    for (let n = 0; n < 10; n++) {
      clock.advance(499);
      expect(calls.extend(number)).toBe(true);
    }
    const ending = expect(answer).rejects.toMatchObject({ kind: 'timeout' });
    clock.advance(500);
    await ending;
    expect(calls.extend(number)).toBe(false);
    expect(clock.pendingTimers).toBe(0);
  });

  it('aborts with kind and cause, even if the signal was aborted before the call', async () => {
    const { calls, clock } = pending();
    const abort = new AbortController();
    const running = calls.open('open', { ...NO_LIMIT, signal: abort.signal });
    const reason = new Error('cancelled by the user');
    abort.abort(reason);
    await expect(running.answer).rejects.toMatchObject({ kind: 'aborted', cause: reason });
    const late = calls.open('open', { timeoutMilliseconds: 10, signal: abort.signal });
    expect(calls.has(late.number)).toBe(false);
    await expect(late.answer).rejects.toMatchObject({ kind: 'aborted', cause: reason });
    expect(calls.size).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends all open calls, and none that is opened later', async () => {
    const { calls } = pending<number>();
    const before = [calls.open('a', NO_LIMIT), calls.open('b', { timeoutMilliseconds: 500 })];
    calls.rejectAll(new Error('the process has exited'));
    for (const { answer } of before) await expect(answer).rejects.toThrow('the process has exited');
    const after = calls.open('c', NO_LIMIT);
    calls.resolve(after.number, 3);
    await expect(after.answer).resolves.toBe(3);
  });
});
