import { DcBlocker, SMALLEST_REMOVED_OFFSET } from '../../engine/channels/DcBlocker.ts';
import { BLOCK_SECONDS } from '../../engine/embedding/SpeechBlocks.ts';
import type { Preset } from '../../engine/model/Preset.ts';
import { sampleSpeakerSet } from '../../engine/model/SpeakerSet.ts';
import { Separator } from '../../engine/separator/Separator.ts';
import { planStft } from '../../engine/stft/StftPlan.ts';
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
  const plan = planStft({ sampleRateHertz });
  const separator = new Separator(sampleSpeakerSet(presets, plan));
  const { hopSamples } = plan;
  const outputs = { speakers: presets.map(() => new Float32Array(hopSamples)), rest: new Float32Array(hopSamples) };
  const blocker = Math.abs(offset) < SMALLEST_REMOVED_OFFSET ? null : new DcBlocker(sampleRateHertz);
  const blockSamples = BLOCK_SECONDS * sampleRateHertz;
  const sums: number[][] = presets.map(() => []);
  const counts: number[] = [];
  let position = -separator.latencySamples / 2;
  for await (const block of reader.blocks(mixdown)) {
    signal.throwIfAborted();
    blocker?.process(block);
    for (let start = 0; start < block.length; start += hopSamples) {
      const hop = block.subarray(start, start + hopSamples);
      separator.process(hop, outputs);
      position += hop.length;
      const index = Math.max(0, Math.floor(position / blockSamples));
      counts[index] = (counts[index] ?? 0) + 1;
      separator.view.probabilities.forEach((probability, voice) => {
        sums[voice]![index] = (sums[voice]![index] ?? 0) + probability;
      });
    }
    onProgress(reader.fractionRead);
  }
  return sums.map((voice) => Float32Array.from(voice, (sum, index) => sum / (counts[index] ?? 1)));
}
