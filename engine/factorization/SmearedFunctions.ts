import type { Hertz, Seconds } from '../core/units.ts';
import { BasisFunctions, type CoordinateFunctions } from './CoordinateBasis.ts';
import { CoordinateRows } from './CoordinateRows.ts';
import { HatBasis } from './HatBasis.ts';

/**
 * A window of duration T is modelled as smearing |X|, the square of templates of |X|^0.5, with a Gaussian of standard deviation 0.5 / T.
 * Width and power were found on one speaker (367), among 0.25 to 0.7 and |X|^0.5, |X| and |X|^2.
 */
const WIDTH = 0.5;
const SMEARED_POWER = 2;
/** Sampling points of the Gaussian, in standard deviations. */
const NODES = Float64Array.from({ length: 13 }, (_, index) => (index - 6) / 2);
const NODE_WEIGHTS = NODES.map((node) => Math.exp(-(node ** 2) / 2));
const WEIGHT_SUM = NODE_WEIGHTS.reduce((sum, weight) => sum + weight, 0);

/**
 * Converts templates learnt with long windows for use with shorter ones: smears them over frequency according to the difference of the
 * durations. Where the new windows are longer, templates stay unchanged, since they cannot be sharpened.
 */
export class SmearedFunctions implements CoordinateFunctions {
  readonly count: number;
  private readonly templates: CoordinateFunctions;
  private readonly learnt: CoordinateFunctions;
  private readonly applied: CoordinateFunctions;

  /**
   * @param templates over hertz
   * @param learnt window duration over hertz of the templates' training, from `durationsOver`
   * @param applied window duration over hertz where they are used, from `durationsOver`
   */
  constructor(templates: CoordinateFunctions, learnt: CoordinateFunctions, applied: CoordinateFunctions) {
    this.templates = templates;
    this.learnt = learnt;
    this.applied = applied;
    this.count = templates.count;
  }

  sample(coordinates: ArrayLike<Hertz>): Float32Array {
    const { count } = this;
    const learnt = this.learnt.sample(coordinates);
    const applied = this.applied.sample(coordinates);
    const nodes = NODES.length;
    const places = new Float64Array(coordinates.length * nodes);
    for (let index = 0; index < coordinates.length; index++) {
      const width = WIDTH * Math.sqrt(Math.max(0, applied[index]! ** -2 - learnt[index]! ** -2));
      // Spectra are symmetric about 0 Hz.
      for (let node = 0; node < nodes; node++) {
        places[index * nodes + node] = Math.abs(coordinates[index]! + width * NODES[node]!);
      }
    }
    const values = this.templates.sample(places);
    const smeared = new Float32Array(count * coordinates.length);
    for (let index = 0; index < smeared.length; index++) {
      let sum = 0;
      for (let node = 0; node < nodes; node++)
        sum += NODE_WEIGHTS[node]! * values[index * nodes + node]! ** SMEARED_POWER;
      smeared[index] = (sum / WEIGHT_SUM) ** (1 / SMEARED_POWER);
    }
    return smeared;
  }
}

/** Mean window duration of points as a function of frequency. */
export function durationsOver(
  frequenciesHertz: Float64Array,
  durationsSeconds: ArrayLike<Seconds>,
): CoordinateFunctions {
  const rows = new CoordinateRows(frequenciesHertz);
  const sums = new Float32Array(rows.rows);
  const counts = new Float32Array(rows.rows);
  rows.rowOf.forEach((row, point) => {
    sums[row]! += durationsSeconds[point]!;
    counts[row]!++;
  });
  return new BasisFunctions(
    new HatBasis(rows.coordinates),
    1,
    sums.map((sum, row) => sum / counts[row]!),
  );
}
