import type { Decibels } from '../core/units.ts';

/** One strip of the mixer. */
export interface StripSettings {
  readonly gainDecibels: Decibels;
  readonly isMuted: boolean;
  /** While any strip is soloed, the others are silent. */
  readonly isSoloed: boolean;
}

/** What is heard of the separated voices. */
export interface MixSettings {
  readonly speakers: readonly (StripSettings & {
    /** Heard on the send, with its fader, whatever mute and solo say. */
    readonly isSent: boolean;
  })[];
  readonly rest: StripSettings;
  readonly master: {
    readonly gainDecibels: Decibels;
    /** The delayed input instead of the mix, at the same master gain. */
    readonly isBypassed: boolean;
    /** Share of the mix against the delayed input, 0 to 1. */
    readonly wet: number;
  };
}
