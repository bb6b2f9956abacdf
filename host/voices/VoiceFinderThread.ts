import { CallableThread } from '../rpc/CallableThread.ts';
import type { VoiceFinderConfig, VoiceFinderRequests } from './voiceFinderMessages.ts';

/** Longest time for an answer: a low-priority thread beside live audio may wait for minutes. */
const ANSWER_MILLISECONDS = 300_000;

/** The thread in which a `VoiceFinder` listens. Tests replace it. */
export interface VoiceFinderLink {
  /** @throws CallError if the thread has ended, or misses its deadline */
  call<Name extends keyof VoiceFinderRequests>(
    name: Name,
    argument: VoiceFinderRequests[Name]['argument'],
  ): Promise<VoiceFinderRequests[Name]['answer']>;
  /** Ends the thread; what it has heard is gone. */
  terminate(): Promise<void>;
}

/** @param onEnded the thread has ended by itself, or was terminated because of a missed deadline */
export function startVoiceFinder(config: VoiceFinderConfig, onEnded: (error: Error) => void): VoiceFinderLink {
  return new CallableThread<VoiceFinderRequests>({
    url: new URL('./voiceFinderWorker.js', import.meta.url),
    name: 'the search for voices',
    remedy: 'start it again',
    deadlinesMilliseconds: { hear: ANSWER_MILLISECONDS, find: ANSWER_MILLISECONDS, passages: ANSWER_MILLISECONDS },
    workerData: config,
    onEnded,
  });
}
