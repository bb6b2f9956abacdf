import { DcBlocker } from '../../engine/channels/DcBlocker.ts';
import type { VoiceSegment } from '../../engine/diarization/segments.ts';
import { VoicePassages } from '../../engine/recording/VoicePassages.ts';
import { AudioFileReader } from '../audio/AudioFileReader.ts';
import type { AudioRecording } from '../audio/readRecording.ts';
import { SignalResampler } from '../audio/SignalResampler.ts';
import type { RecordingInput } from './findVoices.ts';
import { HIGHEST_TRAINING_RATE_HERTZ } from './trainingRecordings.ts';

/** Part of a recording in which one voice speaks. */
export type VoiceRecording = Pick<AudioRecording, 'name' | 'samples' | 'sampleRateHertz'>;

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
  const passages = new VoicePassages(solo, sampleRateHertz);
  const blocker = DcBlocker.forOffset(offset, sampleRateHertz);
  for await (const block of reader.blocks(mixdown)) {
    signal.throwIfAborted();
    blocker?.process(block);
    passages.add(block);
  }
  const rateHertz = Math.min(sampleRateHertz, HIGHEST_TRAINING_RATE_HERTZ);
  const recordings: VoiceRecording[][] = solo.map(() => []);
  const resampler = new SignalResampler(rateHertz);
  try {
    for (const [voice, parts] of passages.cut().entries()) {
      for (const samples of parts) {
        const resampled = await resampler.convert(samples, sampleRateHertz);
        recordings[voice]!.push({ name, samples: resampled, sampleRateHertz: rateHertz });
      }
    }
  } finally {
    resampler.close();
  }
  return recordings;
}
