import { workerData } from 'node:worker_threads';
import { serveThread } from '../rpc/serveThread.ts';
import { lowerThreadPriority } from '../workers/threadPriority.ts';
import { VoiceFinder } from './VoiceFinder.ts';
import type { VoiceFinderConfig, VoiceFinderRequests } from './voiceFinderMessages.ts';

lowerThreadPriority();

const finder = new VoiceFinder((workerData as VoiceFinderConfig).count);
let latest: Promise<unknown> = Promise.resolve();

/** One call after the other. */
function inOrder<Result>(action: () => Result | Promise<Result>): Promise<Result> {
  const result = latest.then(action);
  latest = result.catch(() => {});
  return result;
}

serveThread<VoiceFinderRequests>({
  hear: ({ samples, sampleRateHertz }) =>
    inOrder(async () => {
      await finder.add(samples, sampleRateHertz);
      return null;
    }),
  find: () => inOrder(() => finder.find()),
  passages: ({ number, presets }) => inOrder(() => finder.passages(number, presets)),
});
