import type { Hertz } from '../../engine/core/units.ts';
import type { WriteMode } from '../files/partialFile.ts';
import { FlacWriter } from './FlacWriter.ts';
import type { TrackFile } from './SoundWriter.ts';
import { WAV_SAMPLE_FORMATS, type WavSampleFormat, WavWriter } from './WavWriter.ts';

/** How the tracks of a separation are written: WAV of either sample format, or FLAC of 24 bits. */
export type TrackFormat = WavSampleFormat | 'flac';
export const TRACK_FORMATS: readonly TrackFormat[] = [...WAV_SAMPLE_FORMATS, 'flac'];

export function trackExtension(format: TrackFormat): '.wav' | '.flac' {
  return format === 'flac' ? '.flac' : '.wav';
}

/** @throws InputError if nothing can be written there */
export function createTrack(
  path: string,
  sampleRateHertz: Hertz,
  format: TrackFormat,
  mode: WriteMode,
): Promise<TrackFile> {
  return format === 'flac'
    ? FlacWriter.create(path, sampleRateHertz, mode)
    : WavWriter.create(path, sampleRateHertz, format, mode);
}
