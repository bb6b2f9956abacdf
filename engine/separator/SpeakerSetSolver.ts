import type { StateReader, StateWriter } from '../core/StateNumbers.ts';
import type { Kernel } from '../kernel/Kernel.ts';
import { MatrixVectorProduct } from '../kernel/MatrixVectorProduct.ts';
import type { SpeakerSet } from '../model/SpeakerSet.ts';
import type { SpeakerSetShape } from '../model/SpeakerSetShape.ts';
import { ACTIVITY_BANDWIDTH_HERTZ } from '../network/ActivityNetwork.ts';
import { writePowers } from '../stft/magnitudes.ts';
import type { FrequencyBands } from './FrequencyBands.ts';
import { MaskRefinement } from './MaskRefinement.ts';
import { bandsOfShape, MergedSolver, type MergedSolverConfig, templateCount } from './MergedSolver.ts';
import { SpeakerActivity } from './SpeakerActivity.ts';
import type { StageProbe } from './StageProbe.ts';

/**
 * Computes each speaker's model of a frame's magnitudes: solves for the activations of all speakers' templates in merged bands, then
 * multiplies in single bins, W_s h_s, or D_s h in an adapted speaker set, refines the models if the speaker set has a mask network, and
 * scales them by who speaks now if there are two speakers or more.
 * @thread audio, except the constructor and `setTemplates`. Allocates nothing after construction.
 */
export class SpeakerSetSolver {
  /** [speakers][bins] models of |X|^p: W_s h_s, or D_s h; borrowed until the next `updateModels` */
  readonly models: readonly Float32Array[];
  /** Activations h of all templates, speaker after speaker; borrowed until the next `solve`. */
  readonly activations: Float32Array;
  /** [speakers] index of each speaker's first template in `activations` */
  readonly firstTemplates: Int32Array;
  /** [speakers] probability that a speaker is active in the latest frame; 1 for a single speaker */
  readonly probabilities: Float32Array;
  /** Solves without the frequency-scaled copies: a third of the work, somewhat worse separation. */
  isLowComplexity = false;
  /** How far the models follow who speaks now, 0 to 1. */
  separationStrength = 0;
  /** Relative gap of the latest frame, see `ActivationSolver`. */
  relativeGap = 0;

  private readonly shape: SpeakerSetShape;
  private readonly solver: MergedSolver;
  /** Solver without the frequency-scaled copies; null if no speaker has any. */
  private readonly coreSolver: MergedSolver | null;
  private readonly products: readonly MatrixVectorProduct[];
  private readonly refinement: MaskRefinement | null;
  /** Null for a single speaker. */
  private readonly activity: SpeakerActivity | null;
  /** [bins] |X|^2 of the frame that was solved */
  private readonly powers: Float32Array;
  private readonly probe: StageProbe | null;

  static requiredBytes(shape: SpeakerSetShape): number {
    const { bins, speakers, network } = shape;
    const refinement = network === null ? 0 : MaskRefinement.requiredBytes(network);
    const activity = speakers.length < 2 ? 0 : SpeakerActivity.requiredBytes();
    const bands = bandsOfShape(shape);
    return speakers.reduce(
      (total, speaker) => total + MatrixVectorProduct.requiredBytes({ bins, templates: outputCount(shape, speaker) }),
      refinement +
        activity +
        MergedSolver.requiredBytes(fullConfig(shape, bands)) +
        (hasCopies(shape) ? MergedSolver.requiredBytes(coreConfig(shape, bands)) : 0),
    );
  }

  constructor(kernel: Kernel, shape: SpeakerSetShape, probe: StageProbe | null = null) {
    const { bins, speakers, network } = shape;
    this.shape = shape;
    this.probe = probe;
    const bands = bandsOfShape(shape);
    this.solver = new MergedSolver(kernel, fullConfig(shape, bands));
    this.coreSolver = hasCopies(shape) ? new MergedSolver(kernel, coreConfig(shape, bands)) : null;
    this.activations = this.solver.activations;
    this.products = speakers.map(
      (speaker) => new MatrixVectorProduct(kernel, { bins, templates: outputCount(shape, speaker) }),
    );
    this.models = this.products.map((product) => product.output);
    this.refinement = network === null ? null : new MaskRefinement(kernel, network, shape);
    const isShared = network?.bandwidthHertz === ACTIVITY_BANDWIDTH_HERTZ;
    const templateShares = isShared ? (this.refinement?.modelShares ?? null) : null;
    this.activity = speakers.length < 2 ? null : new SpeakerActivity(kernel, shape, templateShares);
    this.powers = new Float32Array(bins);
    this.probabilities = this.activity?.probabilities ?? new Float32Array(speakers.length).fill(1);
    let firstTemplate = 0;
    this.firstTemplates = Int32Array.from(speakers, ({ templates }) => {
      const first = firstTemplate;
      firstTemplate += templates;
      return first;
    });
  }

  /**
   * Merges and packs the matrices of a speaker set of this shape. Takes 5 ms for two voices and up to 200 ms for eight: not for the
   * audio thread, where an image of the packed matrices is copied.
   * @throws InputError naming the first invalid template value
   */
  setTemplates({ speakers, outputTemplates, network }: SpeakerSet): void {
    this.solver.setTemplates(speakers);
    this.coreSolver?.setTemplates(speakers);
    this.products.forEach((product, s) => {
      const templates = outputTemplates?.[s] ?? speakers[s]?.values;
      if (templates !== undefined) product.setTemplates(templates);
    });
    if (network !== undefined) this.refinement?.setWeights(network);
    this.activity?.setWeights();
  }

  /**
   * Computes `activations`.
   * @param magnitudes [bins] |X|^p
   * @param iterations largest number of solver iterations
   * @returns iterations performed
   */
  solve(magnitudes: Float32Array, iterations: number): number {
    if (this.products.length === 0) return 0;
    const isCore = this.isLowComplexity && this.coreSolver !== null;
    const solver = isCore ? this.coreSolver : this.solver;
    if (isCore) this.gatherCore(solver.activations);
    solver.setMagnitudes(0, magnitudes);
    const done = solver.solve(iterations);
    this.relativeGap = solver.relativeGap;
    if (isCore) this.scatterCore(solver.activations);
    this.probe?.mark('activations');
    return done;
  }

  /**
   * Computes `models` and `probabilities` from `activations`.
   * @param magnitudes [bins] |X|^p of the frame that was solved
   */
  updateModels(magnitudes: Float32Array): void {
    const { powers, refinement, activity } = this;
    const { isAdapted, magnitudeExponent } = this.shape;
    for (let s = 0; s < this.products.length; s++)
      this.products[s]!.multiply(this.activations, isAdapted ? 0 : this.firstTemplates[s]!);
    this.probe?.mark('models');
    if (refinement === null && activity === null) return;
    writePowers(magnitudes, magnitudeExponent, powers);
    activity?.observe(powers, this.models);
    if (refinement !== null) {
      refinement.refine(powers, this.models);
      this.probe?.mark('refinement');
    }
    if (activity !== null) {
      activity.strength = this.separationStrength;
      activity.apply(powers, this.models);
      this.probe?.mark('activity');
    }
  }

  reset(): void {
    this.solver.reset();
    this.coreSolver?.reset();
    this.refinement?.reset();
    this.activity?.reset();
    this.relativeGap = 0;
  }

  save(state: StateWriter): void {
    this.solver.save(state);
    this.coreSolver?.save(state);
    this.refinement?.save(state);
    this.activity?.save(state);
  }

  restore(state: StateReader): void {
    this.solver.restore(state);
    this.coreSolver?.restore(state);
    this.refinement?.restore(state);
    this.activity?.restore(state);
  }

  /** Starts the core solver from the summed activations of each template's copies, so that switching to it is a small step. */
  private gatherCore(core: Float32Array): void {
    let position = 0;
    const { activations, firstTemplates } = this;
    const { speakers } = this.shape;
    for (let s = 0; s < speakers.length; s++) {
      const { templates } = speakers[s]!;
      const count = templateCount(speakers[s]!, false);
      for (let k = 0; k < count; k++) {
        let sum = 0;
        for (let copy = k; copy < templates; copy += count) sum += activations[firstTemplates[s]! + copy]!;
        core[position++] = sum;
      }
    }
  }

  /** Writes the core solver's activations to the templates; their copies get 0. */
  private scatterCore(core: Float32Array): void {
    this.activations.fill(0);
    let position = 0;
    const { speakers } = this.shape;
    for (let s = 0; s < speakers.length; s++) {
      const count = templateCount(speakers[s]!, false);
      for (let k = 0; k < count; k++) this.activations[this.firstTemplates[s]! + k] = core[position++]!;
    }
  }
}

function fullConfig(shape: SpeakerSetShape, bands: FrequencyBands): MergedSolverConfig {
  return { shape, bands, hasCopies: true, frames: 1 };
}

function coreConfig(shape: SpeakerSetShape, bands: FrequencyBands): MergedSolverConfig {
  return { shape, bands, hasCopies: false, frames: 1 };
}

/** Number of templates in a speaker's model: its own, or in adapted speaker sets those of all speakers. */
function outputCount({ speakers, isAdapted }: SpeakerSetShape, { templates }: { readonly templates: number }): number {
  return isAdapted ? speakers.reduce((total, each) => total + each.templates, 0) : templates;
}

function hasCopies({ speakers }: SpeakerSetShape): boolean {
  return speakers.some((speaker) => templateCount(speaker, false) < speaker.templates);
}
