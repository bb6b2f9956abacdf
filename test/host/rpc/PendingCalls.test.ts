import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallTimeoutError, PendingCalls } from '../../../host/rpc/PendingCalls.ts';

const NO_LIMIT = { timeoutMilliseconds: null };

describe('PendingCalls', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('answers each call by its number, in any order', async () => {
    const calls = new PendingCalls<string>();
    const [first, second] = [calls.open('a', NO_LIMIT), calls.open('b', NO_LIMIT)];
    expect(second.number).not.toBe(first.number);
    expect(calls.resolve(second.number, 'two')).toBe(true);
    expect(calls.reject(first.number, new Error('refused'))).toBe(true);
    await expect(first.answer).rejects.toThrow('refused');
    await expect(second.answer).resolves.toBe('two');
    expect(calls.size).toBe(0);
  });

  it('rejects a call at its deadline, and ignores the answer that comes after it', async () => {
    const calls = new PendingCalls();
    const { number, answer } = calls.open('devices', { timeoutMilliseconds: 500 });
    const ending = expect(answer).rejects.toThrow(new CallTimeoutError('devices', 500));
    vi.advanceTimersByTime(499);
    expect(calls.size).toBe(1);
    vi.advanceTimersByTime(1);
    await ending;
    expect(calls.resolve(number, null)).toBe(false);
  });

  it('leaves neither timer nor abort listener behind, however a call ends', async () => {
    const calls = new PendingCalls();
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
    expect(vi.getTimerCount()).toBe(0);
    expect(removed).toHaveBeenCalledTimes(3);
  });

  it('rejects with the reason of the signal, even if it was aborted before the call', async () => {
    const calls = new PendingCalls();
    const abort = new AbortController();
    const running = calls.open('open', { ...NO_LIMIT, signal: abort.signal });
    const reason = new Error('cancelled by the user');
    abort.abort(reason);
    await expect(running.answer).rejects.toBe(reason);
    await expect(calls.open('open', { timeoutMilliseconds: 10, signal: abort.signal }).answer).rejects.toBe(reason);
    expect(calls.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends all open calls, and none that is opened later', async () => {
    const calls = new PendingCalls<number>();
    const before = [calls.open('a', NO_LIMIT), calls.open('b', { timeoutMilliseconds: 500 })];
    calls.rejectAll(new Error('the process has exited'));
    for (const { answer } of before) await expect(answer).rejects.toThrow('the process has exited');
    const after = calls.open('c', NO_LIMIT);
    calls.resolve(after.number, 3);
    await expect(after.answer).resolves.toBe(3);
  });
});
