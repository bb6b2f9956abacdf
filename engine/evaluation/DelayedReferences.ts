import { InputError } from '../core/errors.ts';
import { paired } from '../core/paired.ts';
import type { Samples } from '../core/units.ts';
import { Cholesky } from './Cholesky.ts';
import { Float64Fft } from './Float64Fft.ts';
import type { Signal } from './signal.ts';

/** Length of the transform in filter lengths: seven eighths of each block are then new samples. */
const FILTERS_PER_TRANSFORM = 8;
const MINIMUM_TRANSFORM_SAMPLES = 1024;

/** Energies of the components of an estimate, with one reference as its target. */
export interface EstimateParts {
  /** Component explained by the filtered target. */
  targetEnergy: number;
  /** Component explained by all filtered references, less that of the target. */
  interferenceEnergy: number;
  /** Component explained by no filtered reference. */
  artifactEnergy: number;
  /** Sum of interference and artifacts as signals: the two are orthogonal only up to rounding. */
  distortionEnergy: number;
}

/** Spectrum of the current block of a reference. */
interface ReferenceSpectrum {
  readonly reference: Signal;
  readonly spectrum: Float64Array;
}

/** The filters that project an estimate on all references, and on each of its targets alone, with the references' spectra. */
interface Projection {
  readonly estimate: Signal;
  readonly all: readonly { readonly spectrum: Float64Array; readonly filter: Float64Array }[];
  readonly targets: readonly {
    readonly spectrum: Float64Array;
    readonly filter: Float64Array;
    readonly parts: EstimateParts;
  }[];
}

/**
 * Projects signals onto the space spanned by the references delayed by 0 to taps - 1 samples: the "allowed distortions by time-invariant
 * filters" of Vincent, Gribonval and Fevotte 2006. Signals are zero outside their length, so a projection has length + taps - 1 samples.
 * Processes blocks, so that memory does not grow with the length of the signals.
 */
export class DelayedReferences {
  private readonly references: readonly Signal[];
  private readonly taps: Samples;
  private readonly length: Samples;
  private readonly fft: Float64Fft;
  private readonly blockSamples: Samples;
  /** [other][reference][taps] r[l] = sum over n of reference[n] other[n + l] */
  private readonly correlations: readonly (readonly Float64Array[])[];
  private readonly joint: Cholesky;
  private readonly single = new Map<number, Cholesky>();

  /**
   * @param references at least one, finite, all of one length >= taps
   * @param taps length of the filters in samples
   */
  constructor(references: readonly Signal[], taps: Samples) {
    const transformSamples =
      2 ** Math.ceil(Math.log2(Math.max(MINIMUM_TRANSFORM_SAMPLES, FILTERS_PER_TRANSFORM * taps)));
    this.references = references;
    this.taps = taps;
    this.length = references[0]?.length ?? 0;
    this.fft = new Float64Fft(transformSamples);
    this.blockSamples = transformSamples - taps + 1;
    this.correlations = this.correlate(references);
    this.joint = this.factor(references.map((_, index) => index));
  }

  /**
   * Decomposes estimates into target, interference and artifacts.
   * @param estimates of the same length as the references
   * @param pairs [estimate][n] indices of the references to be used as its target, one after the other
   * @returns [estimate][n] energies for each of these targets
   */
  decompose(estimates: readonly Signal[], pairs: readonly (readonly number[])[]): EstimateParts[][] {
    const { references, taps, fft } = this;
    const spectra = references.map((reference) => ({ reference, spectrum: new Float64Array(fft.spectrum.length) }));
    const estimatesWithTargets = paired(paired(estimates, pairs), this.correlate(estimates));
    const projections = estimatesWithTargets.map(([[estimate, targets], correlations]): Projection => {
      const filters = new Float64Array(references.length * taps);
      for (const [index, correlation] of correlations.entries()) filters.set(correlation, index * taps);
      this.joint.solve(filters);
      return {
        estimate,
        all: spectra.map(({ spectrum }, index) => ({
          spectrum,
          filter: this.spectrumOf(filters.subarray(index * taps, (index + 1) * taps)),
        })),
        targets: targets.map((target) => {
          const filter = element(correlations, target).slice();
          this.singleFactor(target).solve(filter);
          return {
            spectrum: element(spectra, target).spectrum,
            filter: this.spectrumOf(filter),
            parts: { targetEnergy: 0, interferenceEnergy: 0, artifactEnergy: 0, distortionEnergy: 0 },
          };
        }),
      };
    });
    this.measure(spectra, projections);
    return projections.map(({ targets }) => targets.map(({ parts }) => parts));
  }

  /** Filters the references block by block (overlap-save) and adds up the energies of the parts. */
  private measure(spectra: readonly ReferenceSpectrum[], projections: readonly Projection[]): void {
    const { fft, taps, blockSamples } = this;
    const history = taps - 1;
    const explained = new Float64Array(fft.sizeSamples);
    for (let start = 0; start < this.length + history; start += blockSamples) {
      for (const { reference, spectrum } of spectra) {
        this.transformPiece(reference, start - history, fft.sizeSamples, spectrum);
      }
      for (const { estimate, all, targets } of projections) {
        fft.spectrum.fill(0);
        for (const { spectrum, filter } of all) addProduct(spectrum, filter, fft.spectrum);
        fft.inverse();
        explained.set(fft.samples);
        for (const { spectrum, filter, parts } of targets) {
          fft.spectrum.fill(0);
          addProduct(spectrum, filter, fft.spectrum);
          fft.inverse();
          addEnergies(parts, fft.samples, explained, estimate, start - history, history);
        }
      }
    }
  }

  /** @returns [signal][reference][taps] correlations at lags 0 to taps - 1 */
  private correlate(signals: readonly Signal[]): Float64Array[][] {
    const { references, fft, blockSamples } = this;
    const spectrum = () => new Float64Array(fft.spectrum.length);
    const heads = references.map((reference) => ({ reference, head: spectrum() }));
    const whole = spectrum();
    const sums = signals.map((signal) => ({ signal, products: heads.map(({ head }) => ({ head, sum: spectrum() })) }));
    for (let start = 0; start < this.length; start += blockSamples) {
      for (const { reference, head } of heads) this.transformPiece(reference, start, blockSamples, head);
      for (const { signal, products } of sums) {
        this.transformPiece(signal, start, fft.sizeSamples, whole);
        for (const { head, sum } of products) addConjugateProduct(head, whole, sum);
      }
    }
    return sums.map(({ products }) =>
      products.map(({ sum }) => {
        fft.spectrum.set(sum);
        fft.inverse();
        return fft.samples.slice(0, this.taps);
      }),
    );
  }

  private singleFactor(reference: number): Cholesky {
    const known = this.single.get(reference);
    if (known !== undefined) return known;
    const factor = this.references.length === 1 ? this.joint : this.factor([reference]);
    this.single.set(reference, factor);
    return factor;
  }

  /** Factorizes the matrix of inner products of the delayed references: Toeplitz blocks [taps x taps], lower triangle only. */
  private factor(members: readonly number[]): Cholesky {
    const { taps, correlations } = this;
    const size = members.length * taps;
    const matrix = new Float64Array(size * size);
    for (const [rowBlock, rowReference] of members.entries()) {
      for (const [columnBlock, columnReference] of members.slice(0, rowBlock + 1).entries()) {
        const later = element(element(correlations, columnReference), rowReference);
        const earlier = element(element(correlations, rowReference), columnReference);
        for (let row = 0; row < taps; row++) {
          const at = (rowBlock * taps + row) * size + columnBlock * taps;
          for (let column = 0; column < taps; column++) {
            matrix[at + column] = row >= column ? later[row - column]! : earlier[column - row]!;
          }
        }
      }
    }
    return new Cholesky(matrix, size);
  }

  /** Spectrum of samples [start, start + count) of a signal, zero-padded to the size of the transform. @param spectrum overwritten */
  private transformPiece(signal: Signal, start: Samples, count: Samples, spectrum: Float64Array): void {
    const { fft } = this;
    fft.samples.fill(0);
    const end = Math.min(start + count, signal.length);
    for (let n = Math.max(0, start); n < end; n++) fft.samples[n - start] = signal[n]!;
    fft.forward();
    spectrum.set(fft.spectrum);
  }

  private spectrumOf(filter: Float64Array): Float64Array {
    const spectrum = new Float64Array(this.fft.spectrum.length);
    this.transformPiece(filter, 0, filter.length, spectrum);
    return spectrum;
  }
}

/** @throws InputError if there is no such reference */
function element<T>(perReference: readonly T[], reference: number): T {
  const found = perReference[reference];
  if (found === undefined) {
    throw new InputError(`reference must be an integer between 0 and ${perReference.length - 1}, got ${reference}`);
  }
  return found;
}

/**
 * Adds the energies of one block.
 * @param target projection on the target's delays
 * @param explained projection on all references' delays
 * @param start position in the estimate of sample 0 of `target` and `explained`
 * @param from first valid sample of `target` and `explained`
 */
function addEnergies(
  parts: EstimateParts,
  target: Float64Array,
  explained: Float64Array,
  estimate: Signal,
  start: Samples,
  from: Samples,
): void {
  for (let n = from; n < target.length; n++) {
    const at = start + n;
    const artifact = (at < estimate.length ? estimate[at]! : 0) - explained[n]!;
    const interference = explained[n]! - target[n]!;
    parts.targetEnergy += target[n]! ** 2;
    parts.interferenceEnergy += interference ** 2;
    parts.artifactEnergy += artifact ** 2;
    parts.distortionEnergy += (interference + artifact) ** 2;
  }
}

/** sum += a b, for interleaved complex numbers */
function addProduct(a: Float64Array, b: Float64Array, sum: Float64Array): void {
  for (let at = 0; at < sum.length; at += 2) {
    sum[at]! += a[at]! * b[at]! - a[at + 1]! * b[at + 1]!;
    sum[at + 1]! += a[at]! * b[at + 1]! + a[at + 1]! * b[at]!;
  }
}

/** sum += conj(a) b, for interleaved complex numbers */
function addConjugateProduct(a: Float64Array, b: Float64Array, sum: Float64Array): void {
  for (let at = 0; at < sum.length; at += 2) {
    sum[at]! += a[at]! * b[at]! + a[at + 1]! * b[at + 1]!;
    sum[at + 1]! += a[at]! * b[at + 1]! - a[at + 1]! * b[at]!;
  }
}
