import { InputError } from '../core/errors.ts';
import type { Samples, Seconds } from '../core/units.ts';
import type { SpeakerSet } from '../model/SpeakerSet.ts';
import type { SeparatorParameters } from './parameters.ts';
import { Separator, type SeparatorOutputs } from './Separator.ts';
import type { Telemetry } from './Telemetry.ts';

/** The probability that somebody unknown speaks is averaged over this time: single frames are uncertain. */
const MEMORY_SECONDS: Seconds = 0.48;
/** Mean probabilities at which the background begins to compete for the sound, and at which it competes fully. */
const BEGIN_PROBABILITY = 0.2;
const FULL_PROBABILITY = 0.4;

/**
 * Separates known voices from each other and from voices that are not loaded. A background that always competes would take 2 to 4 dB from
 * two known voices that speak at once. So one separator assigns all sound to the known voices, another has the background as a further
 * speaker, and the outputs cross-fade to the second one while it finds the background active. Twice the work of a separator.
 * @thread any; `process` allocates nothing
 */
export class UnknownVoiceSeparator {
  private readonly known: Separator;
  private readonly competing: Separator;
  private readonly hopSamples: Samples;
  /** [speakers + 1] outputs of the competing separator, the background's last */
  private readonly voices: readonly Float32Array[];
  private readonly remainder: Float32Array;
  private readonly competingOutputs: SeparatorOutputs;
  /** The latest probabilities, as a ring. */
  private readonly probabilities: Float32Array;
  private position = 0;
  private frames = 0;
  private share = 0;

  /**
   * @param known the known voices
   * @param competing the same voices and then the background, for the same STFT
   * @throws InputError if the two do not fit together, or for parameters out of range
   */
  constructor(known: SpeakerSet, competing: SpeakerSet, parameters: Partial<SeparatorParameters> = {}) {
    const count = known.speakers.length + 1;
    if (competing.speakers.length !== count)
      throw new InputError(`competing must have ${count} speakers, got ${competing.speakers.length}`);
    this.known = new Separator(known, { parameters: { ...parameters, rest: 1 } });
    this.competing = new Separator(competing, { parameters: { ...parameters, rest: 0 } });
    if (this.known.latencySamples !== this.competing.latencySamples)
      throw new InputError('known and competing must have the same latency');
    const { hopSamples, sampleRateHertz } = known.plan;
    this.hopSamples = hopSamples;
    this.voices = Array.from({ length: count }, () => new Float32Array(hopSamples));
    this.remainder = new Float32Array(hopSamples);
    this.competingOutputs = { speakers: this.voices, rest: this.remainder };
    this.probabilities = new Float32Array(Math.max(1, Math.round((MEMORY_SECONDS * sampleRateHertz) / hopSamples)));
  }

  get latencySamples(): Samples {
    return this.known.latencySamples;
  }

  /** Of the separator of the known voices. */
  get telemetry(): Telemetry {
    return this.known.telemetry;
  }

  /**
   * Separates the next samples.
   * @param input at most a hop
   * @param outputs as of `Separator`, with a rest, each at least as long as the input; they sum to the delayed input
   */
  process(input: Float32Array, outputs: SeparatorOutputs & { readonly rest: Float32Array }): void {
    const { known, competing, voices, remainder } = this;
    if (input.length > this.hopSamples)
      throw new RangeError(`input must have at most ${this.hopSamples} samples, got ${input.length}`);
    known.process(input, outputs);
    competing.process(input, this.competingOutputs);
    const before = this.share;
    this.updateShare();
    const slope = (this.share - before) / input.length;
    const background = voices[voices.length - 1]!;
    for (let n = 0; n < input.length; n++) {
      const share = before + slope * (n + 1);
      for (let s = 0; s < voices.length - 1; s++) {
        const output = outputs.speakers[s]!;
        output[n] = (1 - share) * output[n]! + share * voices[s]![n]!;
      }
      outputs.rest[n] = (1 - share) * outputs.rest[n]! + share * (background[n]! + remainder[n]!);
    }
  }

  private updateShare(): void {
    const { competing, probabilities } = this;
    if (competing.telemetry.frames === this.frames) return;
    this.frames = competing.telemetry.frames;
    const latest = competing.view.probabilities;
    probabilities[this.position] = latest[latest.length - 1]!;
    this.position = (this.position + 1) % probabilities.length;
    let sum = 0;
    for (let n = 0; n < probabilities.length; n++) sum += probabilities[n]!;
    const mean = sum / probabilities.length;
    this.share = Math.max(0, Math.min(1, (mean - BEGIN_PROBABILITY) / (FULL_PROBABILITY - BEGIN_PROBABILITY)));
  }
}
