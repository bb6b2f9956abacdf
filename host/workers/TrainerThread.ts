import { CallableThread } from '../rpc/CallableThread.ts';
import type { MessageFromTrainer, TrainerJob, TrainerRequests, TrainerResult } from './trainerMessages.ts';

export interface TrainerListener {
  readonly signal: AbortSignal;
  readonly onMessage: (message: MessageFromTrainer) => void;
}

/** After an abort the trainer ends between two steps, or is terminated after this time. */
const ABORT_PATIENCE_MILLISECONDS = 500;
/**
 * Longest time without a message of the trainer, not the duration of a training. The longest silent steps, loading the tfjs backend and the
 * evaluation on unseen speech, take some seconds on an idle machine; a hundredth of a core is enough for that.
 */
const SILENCE_MILLISECONDS = 600_000;
/** tfjs creates many short-lived objects; with the default of V8 they occupy 30 MB more. */
const YOUNG_HEAP_MEGABYTES = 3;

/**
 * Trains one speaker in a worker thread, so that this thread can show progress and react to Ctrl-C.
 * @throws InputError if the trainer refuses the job; CallError if it is aborted, the trainer ends, or it is silent for too long
 */
export async function trainInThread(job: TrainerJob, { signal, onMessage }: TrainerListener): Promise<TrainerResult> {
  const thread = new CallableThread<TrainerRequests>({
    url: new URL('./trainerWorker.js', import.meta.url),
    name: 'the trainer',
    remedy: 'try again; if it fails again, train on fewer seconds of speech and close programs that need much memory',
    deadlinesMilliseconds: { train: SILENCE_MILLISECONDS },
    youngHeapMegabytes: YOUNG_HEAP_MEGABYTES,
  });
  try {
    const transfer = [...job.recordings, ...job.holdout].map(({ samples }) => samples.buffer as ArrayBuffer);
    return await thread.call('train', job, { signal, onProgress: onMessage, transfer });
  } finally {
    await thread.terminate(signal.aborted ? ABORT_PATIENCE_MILLISECONDS : 0);
  }
}
