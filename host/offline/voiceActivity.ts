import { DcBlocker } from '../../engine/channels/DcBlocker.ts';
import type { Preset } from '../../engine/model/Preset.ts';
import { ActivityMeter } from '../../engine/recording/ActivityMeter.ts';
import { AudioFileReader } from '../audio/AudioFileReader.ts';
import type { RecordingInput } from './findVoices.ts';

/**
 * Measures how active the engine finds each voice in a recording.
 * @param presets of the voices
 * @param offset constant part of the recording (DC)
 * @returns [voices][blocks of `BLOCK_SECONDS`] mean probability that the voice is active
 */
export async function measureActivity(
  { path, name, mixdown }: RecordingInput,
  presets: readonly Preset[],
  offset: number,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (fraction: number) => void },
): Promise<Float32Array[]> {
  const reader = await AudioFileReader.open(path, name);
  const { sampleRateHertz } = reader;
  const meter = new ActivityMeter(presets, sampleRateHertz);
  const blocker = DcBlocker.forOffset(offset, sampleRateHertz);
  for await (const block of reader.blocks(mixdown)) {
    signal.throwIfAborted();
    blocker?.process(block);
    meter.add(block);
    onProgress(reader.fractionRead);
  }
  return meter.activity;
}
