import { ActivationSolver } from '../../../engine/factorization/ActivationSolver.ts';
import { Kernel } from '../../../engine/kernel/Kernel.ts';
import { MatrixVectorProduct } from '../../../engine/kernel/MatrixVectorProduct.ts';
import type { SpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { type FrequencyBands, mergeBins, sumIntoBands } from '../../../engine/separator/FrequencyBands.ts';
import { resolveParameters } from '../../../engine/separator/parameters.ts';
import { WienerMask } from '../../../engine/separator/WienerMask.ts';
import { InverseStft } from '../../../engine/stft/InverseStft.ts';
import { magnitudeScale, writeMagnitudes } from '../../../engine/stft/magnitudes.ts';
import { Stft } from '../../../engine/stft/Stft.ts';
import { binCount } from '../../../engine/stft/StftPlan.ts';
import { bandTemplates } from './speakerSetTemplates.ts';

/** Variants of the activation solver. */
export interface Solving {
  /** Merges bins into bands first, as the separator does. */
  readonly isMerged: boolean;
  /** Fixed number of iterations per frame. Default: the separator's, which may stop early. */
  readonly iterations?: number;
}

/** As in SpeakerSetSolver. */
const UNIFORM_PART = 0.5;

/**
 * Runs the engine's parts in the order of SeparationChain, stage by stage, so that each can be timed: the engine itself reads no
 * clock. Without a mask network. A test compares its output with the Separator's, sample by sample.
 */
export class StagedSeparation {
  /** Number of bands at the solver's input. */
  readonly bands: number;
  /** Solver iterations of the latest hop. */
  iterations = 0;

  private readonly speakerSet: SpeakerSet;
  private readonly solving: Solving;
  private readonly merged: FrequencyBands;
  private readonly stft: Stft;
  private readonly inverses: readonly InverseStft[];
  private readonly solver: ActivationSolver;
  private readonly products: readonly MatrixVectorProduct[];
  private readonly models: readonly Float32Array[];
  private readonly mask: WienerMask;
  private readonly magnitudes: Float32Array;
  private readonly scale: number;
  private readonly parameters = resolveParameters();

  constructor(speakerSet: SpeakerSet, solving: Solving = { isMerged: true }) {
    const { plan, bins, speakers } = speakerSet;
    const { windows, windowSamples, hopSamples, sampleRateHertz } = plan;
    this.speakerSet = speakerSet;
    this.solving = solving;
    this.merged = solving.isMerged ? mergeBins(bins, sampleRateHertz / windowSamples) : singleBins(bins);
    this.bands = this.merged.weights.length;
    const templates = speakers.reduce((total, speaker) => total + speaker.templates, 0);
    const config = { bins: this.bands, templates, frames: 1, uniformPart: UNIFORM_PART };
    const shapes = speakers.map((speaker) => ({ bins, templates: speaker.templates }));
    const kernel = new Kernel(
      Stft.requiredBytes(windowSamples) +
        speakers.length * InverseStft.requiredBytes(windowSamples) +
        ActivationSolver.requiredBytes(config) +
        shapes.reduce((total, shape) => total + MatrixVectorProduct.requiredBytes(shape), 0),
    );
    this.stft = new Stft(kernel, windows.analysis, hopSamples);
    this.inverses = speakers.map(() => new InverseStft(kernel, windows, hopSamples));
    this.solver = new ActivationSolver(kernel, config);
    this.solver.setTemplates(bandTemplates(speakerSet, this.merged));
    this.products = speakers.map(({ values }, index) => {
      const product = new MatrixVectorProduct(kernel, shapes[index]!);
      product.setTemplates(values);
      return product;
    });
    this.models = this.products.map((product) => product.output);
    this.mask = new WienerMask(speakers.length, binCount(plan), bins);
    this.magnitudes = new Float32Array(binCount(plan));
    this.scale = magnitudeScale(windows.analysis, sampleRateHertz);
  }

  /** First stage: window, FFT, magnitudes, bands. @param hop [hop] samples */
  analyse(hop: Float32Array): void {
    this.stft.push(hop, 0, hop.length);
    this.stft.transform();
    writeMagnitudes(this.stft.spectrum, this.scale, this.speakerSet.magnitudeExponent, this.magnitudes);
    sumIntoBands(this.magnitudes, this.merged, this.solver.magnitudes);
  }

  /** Second stage: activations. */
  solve(): void {
    const { iterations } = this.solving;
    this.iterations =
      iterations === undefined ? this.solver.solve(this.parameters.iterations) : this.solver.solve(iterations, 0);
  }

  /** Third stage: the speakers' models and the mask. */
  divide(): void {
    let firstTemplate = 0;
    for (let s = 0; s < this.products.length; s++) {
      this.products[s]!.multiply(this.solver.activations.values, firstTemplate);
      firstTemplate += this.speakerSet.speakers[s]!.templates;
    }
    const { maskExponent, maskFloor, rest } = this.parameters;
    this.mask.compute(this.models, this.magnitudes, maskExponent, maskFloor, rest);
  }

  /** Last stage: the masked spectra, inverse FFT, overlap-add. */
  synthesize(): void {
    const { spectrum } = this.stft;
    for (let s = 0; s < this.inverses.length; s++) {
      const masked = this.inverses[s]!.spectrum;
      const gains = this.mask.speakers[s]!;
      for (let bin = 0; bin < gains.length; bin++) {
        masked[2 * bin] = spectrum[2 * bin]! * gains[bin]!;
        masked[2 * bin + 1] = spectrum[2 * bin + 1]! * gains[bin]!;
      }
      this.inverses[s]!.synthesize();
    }
  }

  /** [hop] of the latest `synthesize` */
  output(speaker: number): Float32Array {
    return this.inverses[speaker]!.output;
  }
}

function singleBins(bins: number): FrequencyBands {
  return { edges: Int32Array.from({ length: bins + 1 }, (_, bin) => bin), weights: new Float32Array(bins).fill(1) };
}
