import { DcBlocker, SMALLEST_REMOVED_OFFSET } from '../../engine/channels/DcBlocker.ts';
import type { Samples, Seconds } from '../../engine/core/units.ts';
import type { VoiceSegment } from '../../engine/diarization/segments.ts';
import { AudioFileReader } from '../audio/AudioFileReader.ts';
import type { AudioRecording } from '../audio/readRecording.ts';
import { SignalResampler } from '../audio/SignalResampler.ts';
import type { RecordingInput } from './findVoices.ts';
import { HIGHEST_TRAINING_RATE_HERTZ } from './trainingRecordings.ts';

/** Part of a recording in which one voice speaks. */
export type VoiceRecording = Pick<AudioRecording, 'name' | 'samples' | 'sampleRateHertz'>;

/** Speech taken of each voice, more than is learnt from because it has pauses. */
const TAKEN_SECONDS: Seconds = 80;

/**
 * Reads what voices are learnt from: their longest segments.
 * @param solo [voices] segments in which each voice speaks alone, in the order of time
 * @param offset constant part of the recording (DC)
 * @returns [voices] one recording for each segment
 */
export async function readVoiceRecordings(
  { path, name, mixdown }: RecordingInput,
  solo: readonly (readonly VoiceSegment[])[],
  offset: number,
  signal: AbortSignal,
): Promise<VoiceRecording[][]> {
  const reader = await AudioFileReader.open(path, name);
  const { sampleRateHertz } = reader;
  const parts = solo
    .flatMap((segments) => longest(segments))
    .map(({ voice, startSeconds, endSeconds }) => {
      const start: Samples = Math.round(startSeconds * sampleRateHertz);
      return { voice, start, samples: new Float32Array(Math.round(endSeconds * sampleRateHertz) - start) };
    });
  const blocker = Math.abs(offset) < SMALLEST_REMOVED_OFFSET ? null : new DcBlocker(sampleRateHertz);
  let position: Samples = 0;
  for await (const block of reader.blocks(mixdown)) {
    signal.throwIfAborted();
    blocker?.process(block);
    for (const { start, samples } of parts) {
      const from = Math.max(0, start - position);
      const to = Math.min(block.length, start + samples.length - position);
      if (from < to) samples.set(block.subarray(from, to), position + from - start);
    }
    position += block.length;
  }
  const rateHertz = Math.min(sampleRateHertz, HIGHEST_TRAINING_RATE_HERTZ);
  const recordings: VoiceRecording[][] = solo.map(() => []);
  const resampler = new SignalResampler(rateHertz);
  try {
    for (const { voice, samples } of parts) {
      const resampled = await resampler.convert(samples, sampleRateHertz);
      recordings[voice]!.push({ name, samples: resampled, sampleRateHertz: rateHertz });
    }
  } finally {
    resampler.close();
  }
  return recordings;
}

/** @returns the longest segments, `TAKEN_SECONDS` together, in the order of time */
function longest(segments: readonly VoiceSegment[]): VoiceSegment[] {
  const seconds = ({ startSeconds, endSeconds }: VoiceSegment) => endSeconds - startSeconds;
  let taken = 0;
  return [...segments]
    .sort((one, other) => seconds(other) - seconds(one))
    .filter((segment) => {
      const isTaken = taken < TAKEN_SECONDS;
      taken += seconds(segment);
      return isTaken;
    })
    .sort((one, other) => one.startSeconds - other.startSeconds);
}
