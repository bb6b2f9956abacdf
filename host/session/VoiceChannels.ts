import { isSameName, type PresetName } from '../../engine/model/PresetName.ts';
import type { SpeakerStrip } from '../protocol/LiveState.ts';

/** A channel of the input that is meant for a voice. */
interface VoiceChannel {
  readonly channel: number;
  /** Preset of the voice that has the channel, or had it last. */
  readonly preset: PresetName;
  /** `SpeakerStrip.id` of the voice that has the channel; null: none is loaded. */
  readonly id: number | null;
}

/**
 * Which channel of the input each loaded voice has. A channel belongs to the voice, not to its strip, as long as the voice is loaded.
 * Afterwards it is free: for the same preset, or else for the next voice that is loaded. Voices beyond the channels have none.
 */
export class VoiceChannels {
  private channels: readonly VoiceChannel[];

  /** @param presets [channels] of the voices; null: the channel is nobody's, and no voice ever has it */
  constructor(presets: readonly (PresetName | null)[]) {
    this.channels = presets.flatMap((preset, channel) => (preset === null ? [] : [{ channel, preset, id: null }]));
  }

  /** @returns channel of each voice, by slot, if these are loaded next; null: none */
  assigned(speakers: readonly SpeakerStrip[]): (number | null)[] {
    const held = speakers.map(({ id }) => this.channels.find((each) => each.id === id)?.channel ?? null);
    const free = this.channels.filter(({ channel }) => !held.includes(channel));
    const again = speakers.map(({ preset }, slot) => {
      const same = free.findIndex((each) => isSameName(each.preset, preset));
      return held[slot] ?? (same < 0 ? null : free.splice(same, 1)[0]!.channel);
    });
    return again.map((channel) => channel ?? free.shift()?.channel ?? null);
  }

  /** The voices have been loaded with these channels. */
  keep(speakers: readonly SpeakerStrip[], assigned: readonly (number | null)[]): void {
    this.channels = this.channels.map((each) => {
      const strip = speakers[assigned.indexOf(each.channel)];
      return strip === undefined ? { ...each, id: null } : { ...each, preset: strip.preset, id: strip.id };
    });
  }
}
