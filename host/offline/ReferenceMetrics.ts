import { InputError } from '../../engine/core/errors.ts';
import { paired } from '../../engine/core/paired.ts';
import type { Decibels, Hertz, Samples } from '../../engine/core/units.ts';
import { bssEval, siSdr, stoi } from '../../engine/evaluation/index.ts';
import { AudioFileReader } from '../audio/AudioFileReader.ts';
import { type AudioRecording, readRecording } from '../audio/readRecording.ts';

/** Metrics of a signal against a reference. null if a metric is undefined, such as STOI of too short a sound. */
export interface SourceMetrics {
  readonly sdrDecibels: Decibels | null;
  readonly sirDecibels: Decibels | null;
  readonly sarDecibels: Decibels | null;
  readonly siSdrDecibels: Decibels | null;
  readonly stoi: number | null;
}

export interface MeasuredSource {
  readonly separated: SourceMetrics;
  /** Metrics of the unprocessed mixture against the same reference. */
  readonly mixture: SourceMetrics;
}

const MAXIMUM_SECONDS = 600;

/** Compares a separation with known sources. Holds all sound in memory, at most ten minutes. */
export class ReferenceMetrics {
  readonly paths: readonly string[];
  /** First reference, which errors name. */
  private readonly firstPath: string;
  private readonly references: readonly Float32Array[];
  private readonly mixture: Float32Array;
  private readonly outputs: readonly Float32Array[];
  private readonly sampleRateHertz: Hertz;
  private mixtureSamples: Samples = 0;
  private outputSamples: Samples = 0;

  private constructor(paths: readonly string[], references: readonly Float32Array[], first: AudioRecording) {
    this.paths = paths;
    this.firstPath = first.name;
    this.references = references;
    this.sampleRateHertz = first.sampleRateHertz;
    this.mixture = new Float32Array(first.samples.length);
    this.outputs = references.map(() => new Float32Array(first.samples.length));
  }

  /**
   * @param paths one file for each speaker, in the speakers' order
   * @throws InputError if there are none, they differ in sample rate or length, or last more than ten minutes
   */
  static async read(paths: readonly string[]): Promise<ReferenceMetrics> {
    const [firstPath, ...others] = paths;
    if (firstPath === undefined) throw new InputError('references must contain at least one recording, got 0');
    const first = await readRecording(firstPath, MAXIMUM_SECONDS);
    const references = [first.samples];
    for (const path of others) {
      const { samples, sampleRateHertz } = await readRecording(path, MAXIMUM_SECONDS);
      requireSame(path, 'sample rate', sampleRateHertz, firstPath, first.sampleRateHertz);
      requireSame(path, 'number of samples', samples.length, firstPath, first.samples.length);
      references.push(samples);
    }
    return new ReferenceMetrics(paths, references, first);
  }

  /**
   * Checks before separation, as far as the file's header allows.
   * @throws InputError if sample rate or length of the mixture differ from those of the references
   */
  async requireLike(mixturePath: string): Promise<void> {
    const reader = await AudioFileReader.open(mixturePath);
    await reader.close();
    this.requireFacts(
      mixturePath,
      reader.sampleRateHertz,
      reader.seconds === null ? null : Math.round(reader.seconds * reader.sampleRateHertz),
    );
  }

  /** Appends a block of the mixture and of the outputs; samples after the end of the references and further outputs are ignored. */
  add(mixture: Float32Array, outputs: readonly Float32Array[]): void {
    const length = this.mixture.length;
    const room = (samples: Float32Array, at: Samples) => samples.subarray(0, Math.max(0, length - at));
    this.mixture.set(room(mixture, this.mixtureSamples), Math.min(this.mixtureSamples, length));
    this.mixtureSamples += mixture.length;
    for (const [kept, output] of paired(this.outputs, outputs.slice(0, this.outputs.length))) {
      kept.set(room(output, this.outputSamples), Math.min(this.outputSamples, length));
    }
    this.outputSamples += outputs[0]?.length ?? 0;
  }

  /** @throws InputError if sample rate or length of the mixture differ from those of the references */
  measure(mixturePath: string, sampleRateHertz: Hertz): MeasuredSource[] {
    this.requireFacts(mixturePath, sampleRateHertz, this.mixtureSamples);
    const separated = this.metricsOf(this.outputs);
    const unprocessed = this.metricsOf(this.outputs.map(() => this.mixture));
    return paired(separated, unprocessed).map(([separated, mixture]) => ({ separated, mixture }));
  }

  private requireFacts(mixturePath: string, sampleRateHertz: Hertz, samples: Samples | null): void {
    requireSame(this.firstPath, 'sample rate', this.sampleRateHertz, mixturePath, sampleRateHertz);
    if (samples !== null) requireSame(this.firstPath, 'number of samples', this.mixture.length, mixturePath, samples);
  }

  private metricsOf(estimates: readonly Float32Array[]): SourceMetrics[] {
    const { references } = this;
    const ratios = definedOrNull(() => bssEval(references, estimates, { permute: false }));
    return paired(references, estimates).map(([reference, estimate], index) => {
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
  throw new InputError(`${path}: ${quantity} must be ${otherValue} as in ${otherPath}, got ${value}`);
}

/** @returns null if the metric rejects the signal with an InputError, such as silence */
function definedOrNull<T>(measure: () => T): T | null {
  try {
    return measure();
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
