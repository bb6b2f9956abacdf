import type { PresetName } from '../../engine/model/PresetName.ts';
import type { AdaptationSource } from '../library/AdaptationLibrary.ts';
import type { LiveSettings } from '../protocol/LiveState.ts';
import type { AudioLink } from './AudioLink.ts';
import type { SpeakerLoader } from './SpeakerLoader.ts';

/** Sends settings to the engine: what has changed, or everything to an engine that has just started. */
export class EngineSync {
  private readonly link: Pick<AudioLink, 'isOpen' | 'request'>;
  private readonly speakers: SpeakerLoader;

  constructor(link: Pick<AudioLink, 'isOpen' | 'request'>, speakers: SpeakerLoader) {
    this.link = link;
    this.speakers = speakers;
  }

  /**
   * Without open devices nothing is sent: `sendAll` follows when they are open.
   * @throws InputError if a preset cannot be loaded or the engine refuses the settings
   */
  async sendChanges(before: LiveSettings, settings: LiveSettings): Promise<void> {
    const { link } = this;
    const namesBefore = presetNames(before);
    const names = presetNames(settings);
    if (!link.isOpen) return this.speakers.requireLoadable(names.filter((name) => !namesBefore.includes(name)));
    const hasOtherSpeakers = names.join('\n') !== namesBefore.join('\n');
    const hasOtherWindow = before.latency !== settings.latency || before.windowSeconds !== settings.windowSeconds;
    if (hasOtherSpeakers || hasOtherWindow) await this.speakers.load(settings);
    if (before.parameters !== settings.parameters) await link.request('parameters', settings.parameters);
    await link.request('mix', settings);
  }

  /**
   * @param source source of the speakers, if it has already been read
   * @throws InputError if a preset cannot be loaded or the engine refuses the settings
   */
  async sendAll(settings: LiveSettings, source?: AdaptationSource): Promise<void> {
    await this.speakers.load(settings, source);
    await this.link.request('parameters', settings.parameters);
    await this.link.request('mix', settings);
  }
}

function presetNames({ speakers }: LiveSettings): PresetName[] {
  return speakers.map(({ preset }) => preset);
}
