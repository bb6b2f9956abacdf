import type { Hertz, Samples } from '../core/units.ts';
import { BLOCK_SECONDS } from '../embedding/SpeechBlocks.ts';
import type { Preset } from '../model/Preset.ts';
import { sampleSpeakerSet } from '../model/SpeakerSet.ts';
import { Separator } from '../separator/Separator.ts';
import { planStft } from '../stft/StftPlan.ts';

/** Measures how active the engine finds each voice in a recording. */
export class ActivityMeter {
  private readonly separator: Separator;
  private readonly hopSamples: Samples;
  private readonly blockSamples: Samples;
  private readonly outputs: { readonly speakers: readonly Float32Array[]; readonly rest: Float32Array };
  /** [voices][blocks] */
  private readonly sums: number[][];
  private readonly counts: number[] = [];
  /** Of what the separator has analysed last. */
  private position: Samples;

  /** @param presets of the voices */
  constructor(presets: readonly Preset[], sampleRateHertz: Hertz) {
    const plan = planStft({ sampleRateHertz });
    this.hopSamples = plan.hopSamples;
    this.blockSamples = BLOCK_SECONDS * sampleRateHertz;
    this.separator = new Separator(sampleSpeakerSet(presets, plan));
    this.outputs = {
      speakers: presets.map(() => new Float32Array(plan.hopSamples)),
      rest: new Float32Array(plan.hopSamples),
    };
    this.sums = presets.map(() => []);
    this.position = -this.separator.latencySamples / 2;
  }

  /** @param block the next samples of the recording, without a constant offset */
  add(block: Float32Array): void {
    for (let start = 0; start < block.length; start += this.hopSamples) {
      const hop = block.subarray(start, start + this.hopSamples);
      this.separator.process(hop, this.outputs);
      this.position += hop.length;
      const index = Math.max(0, Math.floor(this.position / this.blockSamples));
      this.counts[index] = (this.counts[index] ?? 0) + 1;
      this.separator.view.probabilities.forEach((probability, voice) => {
        this.sums[voice]![index] = (this.sums[voice]![index] ?? 0) + probability;
      });
    }
  }

  /** @returns [voices][blocks of `BLOCK_SECONDS`] mean probability that the voice is active */
  means(): Float32Array[] {
    return this.sums.map((voice) => Float32Array.from(voice, (sum, index) => sum / (this.counts[index] ?? 1)));
  }
}
