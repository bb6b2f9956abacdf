import { readdirSync, readlinkSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import type * as PoolModule from '../../../host/lab/evaluation/WorkerPool.ts';
import type * as ThreadModule from '../../../host/rpc/CallableThread.ts';

// The built modules, because the worker runs built code.
const built = (path: string) => import(new URL(`../../../dist/host/${path}.js`, import.meta.url).href);
const { CallableThread } = (await built('rpc/CallableThread')) as typeof ThreadModule;
const { WorkerPool } = (await built('lab/evaluation/WorkerPool')) as typeof PoolModule;

const WORKER = new URL('./callableWorker.mjs', import.meta.url);
interface Job {
  readonly act: 'answer' | 'refuse' | 'bug' | 'exit' | 'throw late' | 'spin' | 'wait';
  /** Number of progress reports before the answer, 150 ms apart. */
  readonly count?: number;
}
interface Ran {
  readonly type: 'ran';
  readonly act: string;
}
interface TestRequests {
  readonly run: { readonly argument: Job; readonly progress: number; readonly answer: Ran };
}

/** Longer than a start of a worker on a busy machine. */
const DEADLINE_MILLISECONDS = 20_000;
/** Of a worker that has answered before. */
const HANGING_MILLISECONDS = 2000;

const ends: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function startThread() {
  const ended: string[] = [];
  const deadlinesMilliseconds = { run: DEADLINE_MILLISECONDS };
  const thread = new CallableThread<TestRequests>({
    url: WORKER,
    name: 'the worker',
    remedy: 'try again',
    deadlinesMilliseconds,
    onEnded: ({ kind }) => ended.push(kind),
  });
  ends.push(() => thread.terminate());
  return { thread, ended, deadlinesMilliseconds };
}

/** @returns paths of the modules that this process holds open */
function openModules(): string[] {
  return readdirSync('/proc/self/fd').flatMap((file) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${file}`);
      return path.endsWith('.js') ? [path] : [];
    } catch {
      return []; // The folder's own descriptor, which is closed once it has been listed.
    }
  });
}

describe('a callable thread', () => {
  it('answers, reports progress, and keeps kind and text of what it refuses', async () => {
    const { thread, ended } = startThread();
    const progress: number[] = [];
    const answer = await thread.call('run', { act: 'answer', count: 3 }, { onProgress: (step) => progress.push(step) });
    expect(answer).toEqual({ type: 'ran', act: 'answer' });
    expect(progress).toEqual([1, 2, 3]);
    await expect(thread.call('run', { act: 'refuse' })).rejects.toMatchObject({
      name: 'InputError',
      message: 'templates must be at least 1, got 0',
    });
    const bug = await thread.call('run', { act: 'bug' }).catch((error: Error) => error);
    expect(bug).not.toBeInstanceOf(InputError);
    expect((bug as Error).stack).toContain('callableWorker.mjs');
    expect(ended).toEqual([]);
  });

  it.each([
    ['exit', /^the worker has ended \(exit code 7\)$/],
    ['throw late', /^the worker has failed \(a fault of the test\)$/],
  ] as const)('that dies (%s) rejects its calls with what died and what to do', async (act, happened) => {
    const { thread, ended } = startThread();
    const calls = await Promise.allSettled([thread.call('run', { act: 'wait' }), thread.call('run', { act })]);
    for (const call of calls) {
      expect(call).toMatchObject({
        status: 'rejected',
        reason: { kind: 'ended', happened: expect.stringMatching(happened), remedy: 'try again' },
      });
    }
    expect(ended).toEqual(['ended']);
    await expect(thread.call('run', { act: 'answer' })).rejects.toMatchObject({ kind: 'ended' });
  });

  it('that hangs is terminated at the deadline', async () => {
    const { thread, ended, deadlinesMilliseconds } = startThread();
    await thread.call('run', { act: 'answer' });
    deadlinesMilliseconds.run = HANGING_MILLISECONDS;
    const startMilliseconds = performance.now();
    const error = { kind: 'timeout', happened: 'the worker did not answer "run" within 2 s', remedy: 'try again' };
    await expect(thread.call('run', { act: 'spin' })).rejects.toMatchObject(error);
    expect(performance.now() - startMilliseconds).toBeLessThan(HANGING_MILLISECONDS + 5000);
    expect(ended).toEqual(['timeout']);
  });

  it('is informed of an abort, and a thread that spins can be terminated after one', async () => {
    const { thread } = startThread();
    const abortion = new AbortController();
    const reason = new Error('Ctrl-C');
    const waiting = expect(thread.call('run', { act: 'wait' }, { signal: abortion.signal })).rejects.toMatchObject({
      kind: 'aborted',
      cause: reason,
    });
    const spinning = expect(thread.call('run', { act: 'spin' }, { signal: abortion.signal })).rejects.toMatchObject({
      kind: 'aborted',
    });
    abortion.abort(reason);
    await Promise.all([waiting, spinning]);
    await thread.terminate();
  });

  it.skipIf(process.platform !== 'linux')('leaves no file open when it is terminated while it loads', async () => {
    for (let delayMilliseconds = 0; delayMilliseconds < 300; delayMilliseconds += 15) {
      const thread = new CallableThread<TestRequests>({
        url: new URL('../../../dist/host/workers/adaptationWorker.js', import.meta.url),
        name: 'the worker',
        remedy: 'try again',
        deadlinesMilliseconds: { run: DEADLINE_MILLISECONDS },
      });
      await new Promise((resolve) => setTimeout(resolve, delayMilliseconds));
      await thread.terminate();
    }
    expect(openModules()).toEqual([]);
  });
});

describe('a pool of worker threads', () => {
  function createPool(size: number, signal = new AbortController().signal) {
    const pool = new WorkerPool<Job, Ran>(WORKER, size, signal, DEADLINE_MILLISECONDS);
    ends.push(() => pool.close());
    return pool;
  }

  it('replaces a thread that dies: its job is rejected, the jobs behind it run', async () => {
    const pool = createPool(1);
    const jobs = await Promise.allSettled([
      pool.run({ act: 'exit' }, 'ran'),
      pool.run({ act: 'answer' }, 'ran'),
      pool.run({ act: 'refuse' }, 'ran'),
      pool.run({ act: 'answer' }, 'ran'),
    ]);
    expect(jobs.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
    expect(jobs[0]).toMatchObject({
      reason: { kind: 'ended', remedy: expect.stringContaining('with fewer threads') },
    });
  });

  it('rejects running and waiting jobs with the kind "aborted" when it is cancelled', async () => {
    const abortion = new AbortController();
    const pool = createPool(1, abortion.signal);
    const jobs = [pool.run({ act: 'wait' }, 'ran'), pool.run({ act: 'answer' }, 'ran')];
    const settled = Promise.allSettled(jobs);
    abortion.abort('Ctrl-C');
    for (const job of await settled)
      expect(job).toMatchObject({ status: 'rejected', reason: { kind: 'aborted', cause: 'Ctrl-C' } });
    await expect(pool.run({ act: 'answer' }, 'ran')).rejects.toMatchObject({ kind: 'aborted' });
  });
});
