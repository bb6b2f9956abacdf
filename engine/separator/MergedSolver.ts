import type { StateReader, StateWriter } from '../core/StateNumbers.ts';
import { ActivationSolver, type ActivationSolverConfig } from '../factorization/ActivationSolver.ts';
import type { Kernel } from '../kernel/Kernel.ts';
import type { SampledSpeaker } from '../model/SpeakerSet.ts';
import type { SpeakerSetShape } from '../model/SpeakerSetShape.ts';
import { type FrequencyBands, mergeBins, sumIntoBands } from './FrequencyBands.ts';

/**
 * Uniform part of each frame's starting activations; the rest is the previous frame's solution. A smaller part converges
 * faster, but keeps the previous frame's templates active and separates 0.2 dB worse.
 */
const UNIFORM_PART = 0.5;

/** What a solver solves for. */
export interface MergedSolverConfig {
  readonly shape: SpeakerSetShape;
  /** See `bandsOfShape`. */
  readonly bands: FrequencyBands;
  /** Whether the frequency-scaled copies of templates take part. */
  readonly hasCopies: boolean;
  /** Frames solved together, 1 to 8. */
  readonly frames: number;
}

/**
 * Solves for the activations of all speakers' templates in merged bands.
 * @thread audio, except the constructor and `setTemplates`. Allocates nothing after construction.
 */
export class MergedSolver {
  /** [frames x activationStride] activations, speaker after speaker; borrowed until the next `solve` */
  readonly activations: Float32Array;
  readonly activationStride: number;
  /** Relative gap of the latest frames, see `ActivationSolver`. */
  relativeGap = 0;

  private readonly config: MergedSolverConfig;
  private readonly solver: ActivationSolver;
  /** [frames] the part of the solver's magnitudes that belongs to each */
  private readonly rows: readonly Float32Array[];

  static requiredBytes(config: MergedSolverConfig): number {
    return ActivationSolver.requiredBytes(solverConfig(config));
  }

  /** @throws InputError if `frames` is out of range */
  constructor(kernel: Kernel, config: MergedSolverConfig) {
    this.config = config;
    this.solver = new ActivationSolver(kernel, solverConfig(config));
    this.activations = this.solver.activations.values;
    this.activationStride = this.solver.activationStride;
    const { magnitudes, magnitudeStride } = this.solver;
    this.rows = Array.from({ length: config.frames }, (_, frame) => magnitudes.subarray(frame * magnitudeStride));
  }

  /** Merges and packs the templates, which takes milliseconds. @throws InputError naming the first invalid value */
  setTemplates(speakers: readonly SampledSpeaker[]): void {
    const bandCount = this.config.bands.weights.length;
    const counts = speakers.map((speaker) => templateCount(speaker, this.config.hasCopies));
    const templates = counts.reduce((total, count) => total + count, 0);
    const merged = new Float32Array(Math.max(1, templates) * bandCount);
    let firstTemplate = 0;
    speakers.forEach((speaker, s) => {
      sumIntoBands(speaker.values, this.config.bands, merged.subarray(firstTemplate * bandCount), counts[s]);
      firstTemplate += counts[s]!;
    });
    this.solver.setTemplates(merged);
  }

  /** Sets one frame that the next `solve` solves. @param magnitudes [bins] |X|^p */
  setMagnitudes(frame: number, magnitudes: Float32Array): void {
    sumIntoBands(magnitudes, this.config.bands, this.rows[frame]!);
  }

  /** @param iterations largest number of iterations @returns iterations performed */
  solve(iterations: number): number {
    const done = this.solver.solve(iterations);
    this.relativeGap = this.solver.relativeGap;
    return done;
  }

  reset(): void {
    this.solver.reset();
  }

  save(state: StateWriter): void {
    this.solver.save(state);
  }

  restore(state: StateReader): void {
    this.solver.restore(state);
  }
}

/** @returns how many of the speaker's templates take part in a solver with or without copies */
export function templateCount(
  { templates, coreTemplates }: Pick<SampledSpeaker, 'templates' | 'coreTemplates'>,
  hasCopies: boolean,
): number {
  return hasCopies ? templates : (coreTemplates ?? templates);
}

/** @returns the merged bands in which activations are solved for speaker sets of this shape */
export function bandsOfShape({ bins, plan }: Pick<SpeakerSetShape, 'bins' | 'plan'>): FrequencyBands {
  return mergeBins(bins, plan.sampleRateHertz / plan.windowSamples);
}

function solverConfig({ shape, bands, hasCopies, frames }: MergedSolverConfig): ActivationSolverConfig {
  const templates = shape.speakers.reduce((total, speaker) => total + templateCount(speaker, hasCopies), 0);
  // The kernel needs at least one template, even if no speaker is loaded.
  return { bins: bands.weights.length, templates: Math.max(1, templates), frames, uniformPart: UNIFORM_PART };
}
