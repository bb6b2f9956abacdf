import type { Hertz } from '../../engine/core/units.ts';

/** Where the sound of a WAV, W64 or AU file lies, and how it is coded. */
export interface SoundData {
  /** 'other': A coding of WAV files that `audio-decode` may know, such as ADPCM. */
  readonly encoding: 'unsigned' | 'integer' | 'float' | 'alaw' | 'mulaw' | 'mp3' | 'other';
  readonly isBigEndian: boolean;
  /** Bytes per sample, padding included; not meaningful for `mp3` and `other`. */
  readonly sampleBytes: number;
  readonly channels: number;
  readonly sampleRateHertz: Hertz;
  readonly dataOffset: number;
  readonly dataBytes: number;
  /** Body of the format chunk of WAV files; null for AU. */
  readonly formatChunk: Uint8Array<ArrayBuffer> | null;
  /** What is wrong with the length that the header states, one line for the user; null: nothing. */
  readonly remark: string | null;
}
