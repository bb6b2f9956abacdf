import { CallError } from '../../engine/core/CallError.ts';
import { AudioError } from '../audio/backend/AudioError.ts';
import type { AdaptationSource } from '../library/AdaptationLibrary.ts';
import type { LiveSettings } from '../protocol/LiveState.ts';
import type { AudioRequests } from '../rpc/audioMessages.ts';
import type { AudioLink } from './AudioLink.ts';
import type { SpeakerLoader } from './SpeakerLoader.ts';

/** Sends settings to the engine: what has changed, or everything to an engine that has just started. */
export class EngineSync {
  private readonly link: Pick<AudioLink, 'isOpen' | 'request'>;
  private readonly speakers: SpeakerLoader;
  private readonly onNotice: (text: string) => void;

  /** @param onNotice receives one line for the user if a fader or parameter does not reach the engine */
  constructor(link: Pick<AudioLink, 'isOpen' | 'request'>, speakers: SpeakerLoader, onNotice: (text: string) => void) {
    this.link = link;
    this.speakers = speakers;
    this.onNotice = onNotice;
  }

  /**
   * Without open devices nothing is sent: `sendAll` follows when they are open. Waits until other speakers are loaded, but not for
   * faders and parameters, which must keep moving even if the audio process hangs.
   * @throws InputError if a preset cannot be loaded or the engine refuses the window
   */
  async sendChanges(before: LiveSettings, settings: LiveSettings): Promise<void> {
    const { link } = this;
    const loaded = new Set(voices(before));
    const added = settings.speakers.filter(({ id }) => !loaded.has(id));
    if (!link.isOpen) return this.speakers.requireLoadable(added.map(({ preset }) => preset));
    const hasOtherSpeakers = voices(settings).join() !== voices(before).join();
    const hasOtherWindow = before.latency !== settings.latency || before.windowSeconds !== settings.windowSeconds;
    if (hasOtherSpeakers || hasOtherWindow) await this.speakers.load(settings);
    if (before.parameters !== settings.parameters) this.send('parameters', settings.parameters);
    this.send('mix', settings);
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

  private send<Name extends 'mix' | 'parameters'>(name: Name, argument: AudioRequests[Name]['argument']): void {
    this.link.request(name, argument).catch((error: unknown) => {
      // A process that has replaced the one that did not answer, or will replace it, receives all settings.
      if (!this.link.isOpen || error instanceof CallError || error instanceof AudioError) return;
      this.onNotice(`the ${name} could not be changed: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
}

function voices({ speakers }: LiveSettings): number[] {
  return speakers.map(({ id }) => id);
}
