import type { Decibels } from '../core/units.ts';

/** One strip of the mixer. */
export interface StripSettings {
  readonly gainDecibels: Decibels;
  readonly isMuted: boolean;
  /** While any strip is soloed, the others are silent. */
  readonly isSoloed: boolean;
}

/** Settings of the mixer. */
export interface MixSettings {
  readonly speakers: readonly (StripSettings & {
    /** Voice of the strip (`SampledSpeaker.voice`). @default position of the strip + 1 */
    readonly id?: number;
    /** Sent to the second output at the fader's gain, regardless of mute and solo. */
    readonly isSent: boolean;
  })[];
  readonly rest: StripSettings;
  readonly master: {
    readonly gainDecibels: Decibels;
    /** Silences both outputs. @default false */
    readonly isMuted?: boolean;
    /** Plays the delayed input instead of the mix, at the same master gain. */
    readonly isBypassed: boolean;
    /** Share of the mix in the output, 0 (delayed input only) to 1 (mix only). */
    readonly wet: number;
  };
}
