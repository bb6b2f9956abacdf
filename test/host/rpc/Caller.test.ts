import { describe, expect, it } from 'vitest';
import { CallError } from '../../../engine/core/CallError.ts';
import { AudioError } from '../../../host/audio/backend/AudioError.ts';
import { answerCalls } from '../../../host/rpc/answerCalls.ts';
import { Caller } from '../../../host/rpc/Caller.ts';
import type { CallMessage } from '../../../host/rpc/calls.ts';
import { FakeClock } from '../../FakeClock.ts';

interface TestRequests {
  readonly add: { readonly argument: readonly number[]; readonly answer: number };
  readonly open: { readonly argument: null; readonly answer: null };
  readonly ask: { readonly argument: null; readonly answer: null };
  readonly wait: { readonly argument: null; readonly progress: number; readonly answer: string };
}

/** Both sides of a border in one thread; messages are copied as a port does. */
function connect() {
  const clock = new FakeClock();
  const timeouts: string[] = [];
  const abortions: string[] = [];
  let report: (progress: number) => void = () => {};
  const receive = answerCalls<TestRequests>(
    {
      add: (numbers) => numbers.reduce((sum, each) => sum + each, 0),
      open: () => {
        throw new AudioError('busy', '"Mic" is used by another program', 'close it');
      },
      ask: () => {
        throw new CallError('timeout', 'the disk did not answer "write" within 8 s', 'use another disk');
      },
      wait: (_, { signal, onProgress }) => {
        report = onProgress;
        return new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            abortions.push('wait');
            resolve('too late');
          });
        });
      },
    },
    (message) => caller.receive(structuredClone(message)),
  );
  const caller: Caller<TestRequests> = new Caller<TestRequests>({
    peer: 'the worker',
    remedy: 'try again',
    deadlinesMilliseconds: { add: 100, open: 100, ask: 100, wait: 100 },
    post: (message) => receive(structuredClone(message) as CallMessage<TestRequests>),
    onTimeout: ({ happened }) => timeouts.push(happened),
    clock,
  });
  return { caller, clock, timeouts, abortions, report: (progress: number) => report(progress) };
}

describe('a call across a border', () => {
  it('returns the answer, and leaves no timer behind', async () => {
    const { caller, clock } = connect();
    expect(await Promise.all([caller.call('add', [1, 2]), caller.call('add', [3, 4])])).toEqual([3, 7]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('rejects with kind, text and remedy of the other side', async () => {
    const { caller } = connect();
    const error = await caller.call('open', null).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AudioError);
    expect(error).toMatchObject({ kind: 'busy', happened: '"Mic" is used by another program', remedy: 'close it' });
  });

  it('misses its deadline only if neither answer nor progress arrives in time', async () => {
    const { caller, clock, timeouts, report } = connect();
    const progress: number[] = [];
    const call = expect(caller.call('wait', null, { onProgress: (step) => progress.push(step) })).rejects.toMatchObject(
      {
        kind: 'timeout',
      },
    );
    for (let step = 0; step < 5; step++) {
      clock.advance(99);
      report(step);
    }
    expect(timeouts).toEqual([]);
    clock.advance(100);
    await call;
    expect(progress).toEqual([0, 1, 2, 3, 4]);
    expect(timeouts).toEqual(['the worker did not answer "wait" within 0.1 s']);
  });

  it('does not count a deadline that the other side reports as missed by itself', async () => {
    const { caller, timeouts } = connect();
    await expect(caller.call('ask', null)).rejects.toMatchObject({ kind: 'timeout' });
    expect(timeouts).toEqual([]);
  });

  it('informs the other side of an abort, and sends nothing if it was aborted before', async () => {
    const { caller, abortions } = connect();
    const abortion = new AbortController();
    const call = caller.call('wait', null, { signal: abortion.signal });
    abortion.abort();
    await expect(call).rejects.toMatchObject({ kind: 'aborted' });
    expect(abortions).toEqual(['wait']);
    await expect(caller.call('wait', null, { signal: abortion.signal })).rejects.toMatchObject({ kind: 'aborted' });
    expect(abortions).toEqual(['wait']);
  });

  it('rejects if its argument cannot be copied, and leaves no timer behind', async () => {
    const { caller, clock } = connect();
    const argument = [() => 1] as unknown as number[];
    await expect(caller.call('add', argument)).rejects.toMatchObject({ name: 'DataCloneError' });
    expect(clock.pendingTimers).toBe(0);
  });

  it('rejects when the other side ends, and so do later calls, with the first error', async () => {
    const { caller } = connect();
    const call = caller.call('wait', null);
    caller.close(new Error('the worker has ended'));
    caller.close(new Error('again'));
    await expect(call).rejects.toThrow('the worker has ended');
    await expect(caller.call('add', [1])).rejects.toThrow('the worker has ended');
  });
});
