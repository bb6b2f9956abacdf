import { CallableThread } from '../rpc/CallableThread.ts';
import type { AdaptationJob, AdaptationRequests } from './adaptationMessages.ts';

export interface AdaptationListener {
  readonly signal: AbortSignal;
  /** Run at low priority because audio is live. @default false: a user is waiting */
  readonly isLowPriority?: boolean;
  /** @param fraction 0 to 1 */
  readonly onProgress?: (fraction: number) => void;
  /**
   * @param text adaptation file with the gains only, which already separates better than none; called as soon as there are gains, and when
   * they are final
   */
  readonly onGains?: (text: string) => void;
}

/**
 * Longest time without progress, not the duration of an adaptation. A step takes well below a second on an idle machine; beside live audio
 * on a busy one a low-priority thread may wait for minutes.
 */
const SILENCE_MILLISECONDS = 600_000;

/**
 * Learns a joint adaptation in a worker thread.
 * @returns text of the adaptation file
 * @throws InputError if presets and evidence do not fit; CallError if it is aborted, the thread ends, or it is silent for too long
 */
export async function adaptInThread(
  what: Omit<AdaptationJob, 'isLowPriority'>,
  { signal, isLowPriority = false, onProgress, onGains }: AdaptationListener,
): Promise<string> {
  const thread = new CallableThread<AdaptationRequests>({
    url: new URL('./adaptationWorker.js', import.meta.url),
    name: 'the adaptation',
    remedy: 'try again; until then the speakers are separated without being adapted to each other',
    deadlinesMilliseconds: { adapt: SILENCE_MILLISECONDS },
  });
  try {
    return await thread.call(
      'adapt',
      { ...what, isLowPriority },
      {
        signal,
        onProgress: ({ fraction, gains }) => {
          onProgress?.(fraction);
          if (gains !== undefined) onGains?.(gains);
        },
      },
    );
  } finally {
    await thread.terminate();
  }
}
