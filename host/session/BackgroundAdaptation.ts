import { type JointAdaptation, parseAdaptation } from '../../engine/model/JointAdaptation.ts';
import type { AdaptationLibrary, AdaptationSource } from '../library/AdaptationLibrary.ts';
import type { AdaptationState } from '../protocol/LiveState.ts';

export interface BackgroundAdaptationListener {
  onState(state: AdaptationState): void;
  /** The speakers passed to `prepare` last can now be loaded with their adaptation, or with a better one than before. */
  onReady(): void;
  onNotice(text: string): void;
}

/** Smallest change of the progress that is published, as a fraction of the whole. */
const PROGRESS_STEP = 0.05;

/**
 * Learns the joint adaptation of the loaded speakers in a low-priority thread while they are separated unadapted. Gains are used as soon as
 * there are any, and while the mask network is learnt.
 */
export class BackgroundAdaptation {
  private readonly library: Pick<AdaptationLibrary, 'find' | 'adapt'>;
  private readonly listener: BackgroundAdaptationListener;
  private learning: { readonly key: string; readonly abortion: AbortController; gains: JointAdaptation | null } | null =
    null;
  /** The latest result. Held in memory too, because the library's folder may not be writable. */
  private learnt: { readonly key: string; readonly adaptation: JointAdaptation } | null = null;

  constructor(library: Pick<AdaptationLibrary, 'find' | 'adapt'>, listener: BackgroundAdaptationListener) {
    this.library = library;
    this.listener = listener;
  }

  /** @returns the adaptation of these speakers; null if there is none yet, in which case learning starts if possible */
  async prepare(source: AdaptationSource): Promise<JointAdaptation | null> {
    const { key, adaptable, reason } = source;
    if (key !== null && this.learning?.key === key) return this.learning.gains;
    const adaptation = await this.known(source);
    if (adaptation !== null) {
      this.stop();
      this.listener.onState({ phase: 'adapted', progress: 0, reason: null });
      return adaptation;
    }
    if (key === null || adaptable === null) {
      this.stop();
      this.listener.onState({ phase: 'none', progress: 0, reason });
    } else void this.learn(source, key);
    return null;
  }

  /** Whether nothing is being learnt. */
  get isSettled(): boolean {
    return this.learning === null;
  }

  /** Cancels learning. */
  stop(): void {
    this.learning?.abortion.abort();
    this.learning = null;
  }

  private async known(source: AdaptationSource): Promise<JointAdaptation | null> {
    if (this.learnt !== null && this.learnt.key === source.key) return this.learnt.adaptation;
    return (await this.library.find(source))?.adaptation ?? null;
  }

  private async learn(source: AdaptationSource, key: string): Promise<void> {
    this.stop();
    const abortion = new AbortController();
    const learning = { key, abortion, gains: null as JointAdaptation | null };
    this.learning = learning;
    let published = 0;
    this.listener.onState({ phase: 'learning', progress: 0, reason: null });
    try {
      const result = await this.library.adapt(source, {
        signal: abortion.signal,
        isLowPriority: true,
        onProgress: (progress) => {
          if (abortion.signal.aborted || progress < published + PROGRESS_STEP) return;
          published = progress;
          this.listener.onState({ phase: 'learning', progress, reason: null });
        },
        onGains: (text) => {
          if (abortion.signal.aborted) return;
          learning.gains = parseAdaptation(text, key);
          this.listener.onReady();
        },
      });
      if (result !== null) this.learnt = { key, adaptation: result.adaptation };
      if (abortion.signal.aborted) return;
      this.learning = null;
      this.listener.onReady();
    } catch (error) {
      if (abortion.signal.aborted) return;
      this.learning = null;
      const message = error instanceof Error ? error.message : String(error);
      if (learning.gains !== null) {
        this.learnt = { key, adaptation: learning.gains };
        this.listener.onState({ phase: 'adapted', progress: 0, reason: null });
        this.listener.onNotice(`the speakers are adapted to each other without a mask network: ${message}`);
        return;
      }
      this.listener.onState({ phase: 'none', progress: 0, reason: message });
      this.listener.onNotice(`the speakers are separated without being adapted to each other: ${message}`);
    }
  }
}
