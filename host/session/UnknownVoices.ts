import type { AdaptedPresets } from '../../engine/model/JointAdaptation.ts';
import type { AdaptationLibrary } from '../library/AdaptationLibrary.ts';
import { withBackground } from '../library/Background.ts';
import type { PresetFile, PresetLibrary } from '../library/PresetLibrary.ts';
import { BackgroundAdaptation, type BackgroundAdaptationListener } from './BackgroundAdaptation.ts';

/**
 * The loaded voices and the background, adapted to each other: by them the engine recognises voices that are not loaded, whose sound goes to the
 * rest.
 */
export class UnknownVoices {
  private readonly library: PresetLibrary;
  private readonly adaptations: AdaptationLibrary;
  private readonly onNotice: (text: string) => void;
  private readonly adapter: BackgroundAdaptation;
  /** Why voices that are not loaded are not recognised now, as told to the user; null: they are, or will be. */
  private reason: string | null = null;

  constructor(
    library: PresetLibrary,
    adaptations: AdaptationLibrary,
    listener: Omit<BackgroundAdaptationListener, 'onState'>,
  ) {
    this.library = library;
    this.adaptations = adaptations;
    this.onNotice = listener.onNotice;
    this.adapter = new BackgroundAdaptation(adaptations, { ...listener, onState: () => {} });
  }

  /**
   * @param voices the loaded voices; one alone has the background as a voice of its own, if at all
   * @returns null if their adaptation to the background has not been learnt, in which case learning starts if possible
   * @throws InputError if the background preset cannot be read
   */
  async prepare(voices: readonly PresetFile[]): Promise<AdaptedPresets | null> {
    if (voices.length < 2) {
      this.stop();
      return null;
    }
    const background = await withBackground(this.library, voices);
    this.tell(background.reason);
    if (!background.isLoaded) {
      this.stop();
      return null;
    }
    const source = await this.adaptations.source(background.voices);
    const adaptation = await this.adapter.prepare(source);
    return adaptation === null ? null : { presets: source.presets, adaptation };
  }

  /** Cancels learning. */
  stop(): void {
    this.adapter.stop();
  }

  private tell(reason: string | null): void {
    if (reason !== null && reason !== this.reason)
      this.onNotice(`voices that are not loaded are not recognised: ${reason}`);
    this.reason = reason;
  }
}
