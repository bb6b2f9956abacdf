import { InputError } from '../../engine/core/errors.ts';
import type { Decibels, Hertz, Samples } from '../../engine/core/units.ts';
import { bssEval, siSdr, stoi } from '../../engine/evaluation/index.ts';
import { AudioFileReader } from '../audio/AudioFileReader.ts';
import { readRecording } from '../audio/readRecording.ts';

/** How near a signal is to a reference. null where the metric is not defined, such as STOI of too short a sound. */
export interface SourceMetrics {
  readonly sdrDecibels: Decibels | null;
  readonly sirDecibels: Decibels | null;
  readonly sarDecibels: Decibels | null;
  readonly siSdrDecibels: Decibels | null;
  readonly stoi: number | null;
}

export interface MeasuredSource {
  readonly separated: SourceMetrics;
  /** The unprocessed mixture against the same reference: what there was before. */
  readonly mixture: SourceMetrics;
}

const MAXIMUM_SECONDS = 600;

/** Known sources to compare a separation with. Holds the sound in memory, so for at most ten minutes. */
export class ReferenceMetrics {
  readonly paths: readonly string[];
  private readonly references: readonly Float32Array[];
  private readonly mixture: Float32Array;
  private readonly outputs: readonly Float32Array[];
  private readonly sampleRateHertz: Hertz;
  private mixtureSamples: Samples = 0;
  private outputSamples: Samples = 0;

  private constructor(paths: readonly string[], references: readonly Float32Array[], sampleRateHertz: Hertz) {
    this.paths = paths;
    const length = references[0]!.length;
    this.references = references;
    this.sampleRateHertz = sampleRateHertz;
    this.mixture = new Float32Array(length);
    this.outputs = references.map(() => new Float32Array(length));
  }

  /**
   * @param paths one file for each speaker, in the speakers' order
   * @throws InputError where they differ in rate or length, or are too long
   */
  static async read(paths: readonly string[]): Promise<ReferenceMetrics> {
    const references: Float32Array[] = [];
    let firstRateHertz: Hertz | null = null;
    for (const path of paths) {
      const { samples, sampleRateHertz } = await readRecording(path, MAXIMUM_SECONDS);
      firstRateHertz ??= sampleRateHertz;
      requireSame(path, 'sample rate', sampleRateHertz, paths[0]!, firstRateHertz);
      requireSame(path, 'number of samples', samples.length, paths[0]!, references[0]?.length ?? samples.length);
      references.push(samples);
    }
    return new ReferenceMetrics(paths, references, firstRateHertz ?? 0);
  }

  /** Finds out before the work, as far as the file tells. @throws InputError where the mixture is not as the references are */
  async requireLike(mixturePath: string): Promise<void> {
    const reader = await AudioFileReader.open(mixturePath);
    await reader.close();
    this.requireFacts(
      mixturePath,
      reader.sampleRateHertz,
      reader.seconds === null ? null : Math.round(reader.seconds * reader.sampleRateHertz),
    );
  }

  /** Takes the next piece of the mixture and of the outputs; outputs beyond the references are ignored. */
  add(mixture: Float32Array, outputs: readonly Float32Array[]): void {
    const length = this.mixture.length;
    const room = (samples: Float32Array, at: Samples) => samples.subarray(0, Math.max(0, length - at));
    this.mixture.set(room(mixture, this.mixtureSamples), Math.min(this.mixtureSamples, length));
    this.mixtureSamples += mixture.length;
    for (const [index, output] of this.outputs.entries()) {
      output.set(room(outputs[index]!, this.outputSamples), Math.min(this.outputSamples, length));
    }
    this.outputSamples += outputs[0]?.length ?? 0;
  }

  /** @throws InputError where the mixture was not as the references are */
  measure(mixturePath: string, sampleRateHertz: Hertz): MeasuredSource[] {
    this.requireFacts(mixturePath, sampleRateHertz, this.mixtureSamples);
    const separated = this.metricsOf(this.outputs);
    const unprocessed = this.metricsOf(this.outputs.map(() => this.mixture));
    return separated.map((metrics, index) => ({ separated: metrics, mixture: unprocessed[index]! }));
  }

  private requireFacts(mixturePath: string, sampleRateHertz: Hertz, samples: Samples | null): void {
    const [reference] = this.paths;
    requireSame(reference!, 'sample rate', this.sampleRateHertz, mixturePath, sampleRateHertz);
    if (samples !== null) requireSame(reference!, 'number of samples', this.mixture.length, mixturePath, samples);
  }

  private metricsOf(estimates: readonly Float32Array[]): SourceMetrics[] {
    const { references } = this;
    const ratios = definedOrNull(() => bssEval(references, estimates, { permute: false }));
    return references.map((reference, index) => {
      const estimate = estimates[index]!;
      return {
        sdrDecibels: ratios?.sdrDecibels[index] ?? null,
        sirDecibels: ratios?.sirDecibels[index] ?? null,
        sarDecibels: ratios?.sarDecibels[index] ?? null,
        siSdrDecibels: definedOrNull(() => siSdr(reference, estimate)),
        stoi: definedOrNull(() => stoi(reference, estimate, this.sampleRateHertz)),
      };
    });
  }
}

function requireSame(path: string, quantity: string, value: number, otherPath: string, otherValue: number): void {
  if (value === otherValue) return;
  throw new InputError(`${path}: ${quantity} must be that of ${otherPath}, ${otherValue}, got ${value}`);
}

/** Metrics refuse signals they are not defined for, such as silence. */
function definedOrNull<T>(measure: () => T): T | null {
  try {
    return measure();
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
