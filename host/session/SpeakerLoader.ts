import type { AdaptedPresets } from '../../engine/model/JointAdaptation.ts';
import { presetHash } from '../../engine/model/Preset.ts';
import type { PresetName } from '../../engine/model/PresetName.ts';
import { AdaptationLibrary, type AdaptationSource } from '../library/AdaptationLibrary.ts';
import type { PresetFile, PresetLibrary } from '../library/PresetLibrary.ts';
import type { LiveSettings } from '../protocol/LiveState.ts';
import type { AudioLink } from './AudioLink.ts';
import { BackgroundAdaptation, type BackgroundAdaptationListener } from './BackgroundAdaptation.ts';
import type { SessionState } from './SessionState.ts';
import { UnknownVoices } from './UnknownVoices.ts';
import type { VoiceChannels } from './VoiceChannels.ts';

/**
 * Loads the speakers of a session into the engine. Preset files are parsed here, once; the audio process receives the parsed presets. With
 * adaptation, speakers are separated unadapted until their adaptation has been learnt.
 */
export class SpeakerLoader {
  private readonly library: PresetLibrary;
  private readonly adaptations: AdaptationLibrary;
  private readonly link: Pick<AudioLink, 'request'>;
  private readonly state: SessionState;
  /** null: speakers are never adapted. */
  private readonly adapter: BackgroundAdaptation | null;
  /** null: voices that are not loaded are not recognised. */
  private readonly unknown: UnknownVoices | null;
  /** null: voices have no channels. */
  private readonly channels: VoiceChannels | null;

  /**
   * @param adapting null: speakers are never adapted
   * @param channels null: voices have no channels
   * @param isUnknownRecognised whether sound of voices that are not loaded goes to the rest; only if speakers are adapted
   */
  constructor(
    library: PresetLibrary,
    link: Pick<AudioLink, 'request'>,
    state: SessionState,
    adapting: Omit<BackgroundAdaptationListener, 'onState'> | null,
    channels: VoiceChannels | null = null,
    isUnknownRecognised = false,
  ) {
    this.library = library;
    this.adaptations = new AdaptationLibrary(library);
    this.link = link;
    this.state = state;
    this.channels = channels;
    this.adapter =
      adapting === null
        ? null
        : new BackgroundAdaptation(this.adaptations, {
            ...adapting,
            onState: (adaptation) => state.update({ adaptation }),
          });
    this.unknown =
      adapting === null || !isUnknownRecognised ? null : new UnknownVoices(library, this.adaptations, adapting);
  }

  /** Reads and parses the presets of the speakers. @throws InputError for an unknown or broken preset */
  async read({ speakers }: LiveSettings): Promise<AdaptationSource> {
    const files = await this.files(speakers.map(({ preset }) => preset));
    if (this.adapter !== null) return this.adaptations.source(files);
    return { presets: files.map(({ preset }) => preset), key: null, adaptable: null, reason: null };
  }

  /**
   * @param source source of the same speakers, if it has already been read
   * @throws InputError for an unknown or broken preset, or a window that the engine refuses; then the engine keeps its speakers
   */
  async load(settings: LiveSettings, source?: AdaptationSource): Promise<void> {
    const { speakers, latency, windowSeconds } = settings;
    const { presets, ...rest } = source ?? (await this.read(settings));
    const adaptation = this.adapter === null ? null : await this.adapter.prepare({ presets, ...rest });
    const voices = speakers.map(({ id, preset: name }, slot) => {
      // `source` was read from the same speakers, in the same order.
      const preset = presets[slot];
      return { id, name, presetHash: preset === undefined ? null : presetHash(preset) };
    });
    const channels = this.channels?.assigned(speakers) ?? speakers.map(() => null);
    const background = adaptation === null ? null : await this.background(settings);
    const request = { presets, voices, channels, adaptation, background, latency, windowSeconds };
    this.state.update(await this.link.request('speakerSet', request));
    this.channels?.keep(speakers, channels);
  }

  /** Checks presets that cannot be loaded now because no device is open. @throws InputError for an unknown or broken preset */
  async requireLoadable(names: readonly PresetName[]): Promise<void> {
    await this.files(names);
  }

  /** Cancels learning. */
  stop(): void {
    this.adapter?.stop();
    this.unknown?.stop();
  }

  /** Learnt only when the speakers have been adapted to each other, which is heard more. */
  private async background({ speakers }: LiveSettings): Promise<AdaptedPresets | null> {
    if (this.unknown === null || this.adapter?.isSettled !== true) return null;
    return this.unknown.prepare(await this.files(speakers.map(({ preset }) => preset)));
  }

  private async files(names: readonly PresetName[]): Promise<PresetFile[]> {
    const files: PresetFile[] = [];
    for (const name of names) files.push(await this.library.byName(name));
    return files;
  }
}
