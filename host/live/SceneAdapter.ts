import { serializePreset } from '../../engine/template/Preset.ts';
import type { AdaptationState } from '../protocol/LiveState.ts';
import type { SceneLibrary, SceneSource } from '../SceneLibrary.ts';
import type { SceneWishes } from './audioMessages.ts';

export interface SceneAdapterListener {
  onState(state: AdaptationState): void;
  /** The speakers asked for last can now be loaded adapted to each other. */
  onReady(): void;
  onRemark(text: string): void;
}

/** States in which one looks at the progress, not at each of its steps. */
const PROGRESS_STEP = 0.05;

/**
 * Adapts the loaded speakers to each other while they are separated as they are, and tells when the scene is worth loading again.
 * @thread main
 */
export class SceneAdapter {
  private readonly scenes: SceneLibrary;
  private readonly listener: SceneAdapterListener;
  private learning: { readonly key: string; readonly abortion: AbortController } | null = null;

  constructor(scenes: SceneLibrary, listener: SceneAdapterListener) {
    this.scenes = scenes;
    this.listener = listener;
  }

  /**
   * What to load now: adapted where that has been learnt before; else learning begins.
   * @throws InputError for unknown or broken presets
   */
  async prepare(names: readonly string[]): Promise<Pick<SceneWishes, 'presets' | 'adaptation'>> {
    const source = await this.scenes.source(names);
    const presets = source.presets.map(serializePreset);
    const { key, adaptable, obstacle } = source;
    const kept = await this.scenes.find(source);
    if (kept !== null && key !== null) {
      this.stop();
      this.listener.onState({ phase: 'adapted', progress: 0, obstacle: null });
      return { presets, adaptation: { text: kept.text, key } };
    }
    if (key === null || adaptable === null) {
      this.stop();
      this.listener.onState({ phase: 'none', progress: 0, obstacle });
    } else if (this.learning?.key !== key) void this.learn(source, key);
    return { presets, adaptation: null };
  }

  stop(): void {
    this.learning?.abortion.abort();
    this.learning = null;
  }

  private async learn(source: SceneSource, key: string): Promise<void> {
    this.stop();
    const abortion = new AbortController();
    this.learning = { key, abortion };
    let shown = 0;
    this.listener.onState({ phase: 'learning', progress: 0, obstacle: null });
    try {
      await this.scenes.adapt(source, {
        signal: abortion.signal,
        isBehind: true,
        onProgress: (progress) => {
          if (abortion.signal.aborted || progress < shown + PROGRESS_STEP) return;
          shown = progress;
          this.listener.onState({ phase: 'learning', progress, obstacle: null });
        },
      });
      if (abortion.signal.aborted) return;
      this.learning = null;
      this.listener.onReady();
    } catch (error) {
      if (abortion.signal.aborted) return;
      this.learning = null;
      const message = error instanceof Error ? error.message : String(error);
      this.listener.onState({ phase: 'none', progress: 0, obstacle: message });
      this.listener.onRemark(`the speakers are separated without being adapted to each other: ${message}`);
    }
  }
}
