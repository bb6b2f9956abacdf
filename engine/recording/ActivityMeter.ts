import type { Hertz, Samples } from '../core/units.ts';
import { BLOCK_SECONDS } from '../embedding/SpeechBlocks.ts';
import type { Preset } from '../model/Preset.ts';
import { sampleSpeakerSet } from '../model/SpeakerSet.ts';
import { Separator, type SeparatorOutputs } from '../separator/Separator.ts';
import { planStft } from '../stft/StftPlan.ts';

/** Measures how active a separator finds each speaker, block by block. Not for the audio thread. */
export class ActivityMeter {
  private readonly separator: Separator;
  private readonly outputs: SeparatorOutputs;
  /** Samples of a hop that is not complete. */
  private readonly hop: Float32Array;
  private hopLength: Samples = 0;
  private readonly blockSamples: number;
  private position: Samples;
  private readonly sums: number[][];
  private readonly counts: number[] = [];

  /** @param presets one per speaker, not adapted to each other */
  constructor(presets: readonly Preset[], sampleRateHertz: Hertz) {
    const plan = planStft({ sampleRateHertz });
    this.separator = new Separator(sampleSpeakerSet(presets, plan));
    this.hop = new Float32Array(plan.hopSamples);
    this.outputs = {
      speakers: presets.map(() => new Float32Array(plan.hopSamples)),
      rest: new Float32Array(plan.hopSamples),
    };
    this.blockSamples = BLOCK_SECONDS * sampleRateHertz;
    this.position = -this.separator.latencySamples / 2;
    this.sums = presets.map(() => []);
  }

  /** @param samples the next ones, any number, without a constant offset */
  add(samples: Float32Array): void {
    const { hop } = this;
    for (let start = 0; start < samples.length; ) {
      const part = samples.subarray(start, start + hop.length - this.hopLength);
      hop.set(part, this.hopLength);
      start += part.length;
      this.hopLength += part.length;
      if (this.hopLength === hop.length) this.measureHop();
    }
  }

  /** [speakers][blocks of `BLOCK_SECONDS`] mean probability that the speaker is active, 0 to 1 */
  get activity(): Float32Array[] {
    return this.sums.map((blocks) => Float32Array.from(blocks, (sum, block) => sum / (this.counts[block] ?? 1)));
  }

  private measureHop(): void {
    const { separator, outputs, hop, blockSamples, sums, counts } = this;
    separator.process(hop, outputs);
    this.hopLength = 0;
    this.position += hop.length;
    const block = Math.max(0, Math.floor(this.position / blockSamples));
    counts[block] = (counts[block] ?? 0) + 1;
    separator.view.probabilities.forEach((probability, speaker) => {
      const own = sums[speaker]!;
      own[block] = (own[block] ?? 0) + probability;
    });
  }
}
