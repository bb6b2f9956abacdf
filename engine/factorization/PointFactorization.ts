import { klDivergenceTerm, MODEL_FLOOR } from './divergence.ts';
import type { PointFactor } from './PointFactor.ts';

/** Loss to be minimised. kl: Lee and Seung 2001, eq. 5. euclidean: least squares, their eq. 4. */
export type PointLoss = 'kl' | 'euclidean';

/**
 * Factorization of magnitudes at arbitrary points, v(t, f) = sum over k of H_k(t) W_k(f) with functions H_k of time and W_k of frequency,
 * by multiplicative updates. An update costs 6 * rank operations per point and allocates nothing; memory is 12 bytes per point besides
 * the points themselves.
 */
export class PointFactorization {
  readonly frequency: PointFactor;
  readonly time: PointFactor;
  readonly rank: number;
  private readonly magnitudes: Float32Array;
  private readonly loss: PointLoss;
  private readonly numerators: { readonly frequency: Float32Array; readonly time: Float32Array };
  private readonly denominators: { readonly frequency: Float32Array; readonly time: Float32Array };

  /**
   * @param magnitudes [points] finite and >= 0
   * @param frequency W, initialised, on the rows of the points' frequencies
   * @param time H, initialised, on the rows of the points' times
   */
  constructor(
    magnitudes: Float32Array,
    frequency: PointFactor,
    time: PointFactor,
    rank: number,
    loss: PointLoss = 'kl',
  ) {
    this.magnitudes = magnitudes;
    this.frequency = frequency;
    this.time = time;
    this.rank = rank;
    this.loss = loss;
    const zeros = () => ({
      frequency: new Float32Array(frequency.values.length),
      time: new Float32Array(time.values.length),
    });
    this.numerators = zeros();
    this.denominators = zeros();
  }

  /** @param iterations each of activations and, for 'both', templates */
  update(iterations: number, which: 'both' | 'activations'): void {
    for (let iteration = 0; iteration < iterations; iteration++) {
      this.updateFactor('time');
      if (which === 'both') this.updateFactor('frequency');
    }
  }

  /** Mean Kullback-Leibler divergence per point, in the units of the magnitudes, at the coordinates of the rows. */
  divergence(): number {
    const { magnitudes, frequency, time, rank } = this;
    let divergence = 0;
    for (let point = 0; point < magnitudes.length; point++) {
      const template = frequency.rows.rowOf[point]! * rank;
      const activation = time.rows.rowOf[point]! * rank;
      let model = MODEL_FLOOR;
      for (let k = 0; k < rank; k++) model += frequency.values[template + k]! * time.values[activation + k]!;
      divergence += klDivergenceTerm(magnitudes[point]!, model);
    }
    return magnitudes.length === 0 ? 0 : divergence / magnitudes.length;
  }

  /** Scales templates to mean 1 over the rows, and activations inversely, so that the product is unchanged. */
  normalize(): void {
    const { frequency, time, rank } = this;
    const means = new Float64Array(rank);
    frequency.values.forEach((value, index) => {
      means[index % rank]! += value / frequency.rows.rows;
    });
    frequency.scale(means.map((mean) => (mean > 0 ? 1 / mean : 1)));
    time.scale(means.map((mean) => (mean > 0 ? mean : 1)));
  }

  private updateFactor(name: 'frequency' | 'time'): void {
    const { magnitudes, rank, loss } = this;
    const own = this[name];
    const other = name === 'frequency' ? this.time : this.frequency;
    const ownValues = own.values;
    const otherValues = other.values;
    const ownRow = own.rows.rowOf;
    const otherRow = other.rows.rowOf;
    const numerators = this.numerators[name].fill(0);
    const denominators = this.denominators[name].fill(0);
    const isEuclidean = loss === 'euclidean';
    for (let point = 0; point < magnitudes.length; point++) {
      const first = ownRow[point]! * rank;
      const second = otherRow[point]! * rank;
      let model = MODEL_FLOOR;
      for (let k = 0; k < rank; k++) model += ownValues[first + k]! * otherValues[second + k]!;
      const numerator = isEuclidean ? magnitudes[point]! : magnitudes[point]! / model;
      const denominator = isEuclidean ? model : 1;
      for (let k = 0; k < rank; k++) {
        const value = otherValues[second + k]!;
        numerators[first + k]! += numerator * value;
        denominators[first + k]! += denominator * value;
      }
    }
    own.multiply(numerators, denominators);
  }
}
