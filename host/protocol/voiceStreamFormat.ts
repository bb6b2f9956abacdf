import type { Hertz } from '../../engine/core/units.ts';

/** One voice that another program reads as raw PCM: 16-bit little-endian integers, mono. */
export interface VoiceStreamFormat {
  /** Name of its preset. */
  readonly voice: string;
  readonly rateHertz: Hertz;
}
