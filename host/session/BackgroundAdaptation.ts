import { serializePreset } from '../../engine/model/Preset.ts';
import type { AdaptationLibrary, AdaptationSource } from '../library/AdaptationLibrary.ts';
import type { AdaptationState } from '../protocol/LiveState.ts';
import type { SpeakerSetRequest } from '../rpc/audioMessages.ts';

export interface BackgroundAdaptationListener {
  onState(state: AdaptationState): void;
  /** The speakers asked for last can now be loaded adapted to each other. */
  onReady(): void;
  onNotice(text: string): void;
}

/** States in which one looks at the progress, not at each of its steps. */
const PROGRESS_STEP = 0.05;

/**
 * Adapts the loaded speakers to each other while they are separated as they are, and tells when the speaker set is worth loading again.
 * @thread main
 */
export class BackgroundAdaptation {
  private readonly speakerSets: AdaptationLibrary;
  private readonly listener: BackgroundAdaptationListener;
  private learning: { readonly key: string; readonly abortion: AbortController } | null = null;

  constructor(speakerSets: AdaptationLibrary, listener: BackgroundAdaptationListener) {
    this.speakerSets = speakerSets;
    this.listener = listener;
  }

  /**
   * What to load now: adapted where that has been learnt before; else learning begins.
   * @throws InputError for unknown or broken presets
   */
  async prepare(names: readonly string[]): Promise<Pick<SpeakerSetRequest, 'presets' | 'adaptation'>> {
    const source = await this.speakerSets.source(names);
    const presets = source.presets.map(serializePreset);
    const { key, adaptable, reason } = source;
    const kept = await this.speakerSets.find(source);
    if (kept !== null && key !== null) {
      this.stop();
      this.listener.onState({ phase: 'adapted', progress: 0, reason: null });
      return { presets, adaptation: { text: kept.text, key } };
    }
    if (key === null || adaptable === null) {
      this.stop();
      this.listener.onState({ phase: 'none', progress: 0, reason });
    } else if (this.learning?.key !== key) void this.learn(source, key);
    return { presets, adaptation: null };
  }

  stop(): void {
    this.learning?.abortion.abort();
    this.learning = null;
  }

  private async learn(source: AdaptationSource, key: string): Promise<void> {
    this.stop();
    const abortion = new AbortController();
    this.learning = { key, abortion };
    let shown = 0;
    this.listener.onState({ phase: 'learning', progress: 0, reason: null });
    try {
      await this.speakerSets.adapt(source, {
        signal: abortion.signal,
        isLowPriority: true,
        onProgress: (progress) => {
          if (abortion.signal.aborted || progress < shown + PROGRESS_STEP) return;
          shown = progress;
          this.listener.onState({ phase: 'learning', progress, reason: null });
        },
      });
      if (abortion.signal.aborted) return;
      this.learning = null;
      this.listener.onReady();
    } catch (error) {
      if (abortion.signal.aborted) return;
      this.learning = null;
      const message = error instanceof Error ? error.message : String(error);
      this.listener.onState({ phase: 'none', progress: 0, reason: message });
      this.listener.onNotice(`the speakers are separated without being adapted to each other: ${message}`);
    }
  }
}
