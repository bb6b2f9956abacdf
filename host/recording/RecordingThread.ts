import { CallableThread } from '../rpc/CallableThread.ts';
import type { CallOptions } from '../rpc/Caller.ts';
import type { RecordingRequests } from './recordingThreadMessages.ts';

/** Longest time without progress, not the duration of the work: a low-priority thread beside live audio may wait for minutes. */
const SILENCE_MILLISECONDS = 600_000;

/** The thread that works on the open recording, at low priority because audio may be live. Tests replace it. */
export interface RecordingWorker {
  /** @throws InputError if the recording does not suit the work; CallError if it is aborted, the thread ends, or it is silent for too long */
  call<Name extends keyof RecordingRequests>(
    name: Name,
    argument: RecordingRequests[Name]['argument'],
    options: CallOptions<RecordingRequests[Name]>,
  ): Promise<RecordingRequests[Name]['answer']>;
  /** Ends the thread, and with it all that it has started. */
  terminate(): Promise<void>;
}

/** @param onEnded the thread has ended by itself, or was terminated because of a missed deadline */
export function startRecordingThread(onEnded: () => void): RecordingWorker {
  return new CallableThread<RecordingRequests>({
    url: new URL('./recordingWorker.js', import.meta.url),
    name: 'the work on the recording',
    remedy: 'try again; if it fails again, split the recording and close programs that need much memory',
    deadlinesMilliseconds: {
      import: SILENCE_MILLISECONDS,
      find: SILENCE_MILLISECONDS,
      separate: SILENCE_MILLISECONDS,
    },
    onEnded,
  });
}
