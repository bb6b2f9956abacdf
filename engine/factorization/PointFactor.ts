import { BasisFunctions, type CoordinateBasis, type CoordinateFunctions } from './CoordinateBasis.ts';
import { type CoordinateRows, SparseBasis } from './CoordinateRows.ts';
import { HatBasis } from './HatBasis.ts';

/** Lower bound of factors and divisors: keeps quotients finite and avoids denormal numbers, which are slow. */
const FLOOR = 1e-12;

/** One of the two factors of a factorization of points: `rank` functions of one coordinate, evaluated at the rows. */
export interface PointFactor {
  readonly rows: CoordinateRows;
  /** [rows x rank] values of the functions at the rows, kept up to date by all methods */
  readonly values: Float32Array;
  /** Initialises the factor. @param values [rows x rank] approximated as closely as the factor can represent */
  start(values: Float32Array): void;
  /**
   * Multiplicative update.
   * @param numerators [rows x rank]
   * @param denominators [rows x rank]
   */
  multiply(numerators: Float32Array, denominators: Float32Array): void;
  /** Multiplies each function by a constant. @param factors [rank] */
  scale(factors: Float64Array): void;
  /** @returns a copy of the functions, defined at all coordinates */
  functions(): CoordinateFunctions;
}

/** Linear combinations of basis functions with coefficients >= 0. */
export class BasisFactor implements PointFactor {
  readonly rows: CoordinateRows;
  readonly values: Float32Array;
  private readonly rank: number;
  private readonly basis: CoordinateBasis;
  private readonly sparse: SparseBasis;
  private readonly coefficients: Float32Array;
  private readonly gatheredNumerators: Float32Array;
  private readonly gatheredDenominators: Float32Array;

  constructor(basis: CoordinateBasis, rows: CoordinateRows, rank: number) {
    this.basis = basis;
    this.rows = rows;
    this.rank = rank;
    this.sparse = new SparseBasis(basis, rows.coordinates);
    this.values = new Float32Array(rows.rows * rank);
    this.coefficients = new Float32Array(basis.functions * rank);
    this.gatheredNumerators = new Float32Array(basis.functions * rank);
    this.gatheredDenominators = new Float32Array(basis.functions * rank);
  }

  start(values: Float32Array): void {
    const { sparse, rank, coefficients, gatheredNumerators, gatheredDenominators } = this;
    // The coefficient of each function starts at the weighted mean of the values in its support.
    sparse.gather(values, rank, gatheredNumerators);
    sparse.gather(new Float32Array(values.length).fill(1), rank, gatheredDenominators);
    for (let index = 0; index < coefficients.length; index++) {
      coefficients[index] = Math.max(FLOOR, gatheredNumerators[index]! / Math.max(FLOOR, gatheredDenominators[index]!));
    }
    sparse.expand(coefficients, rank, this.values);
  }

  multiply(numerators: Float32Array, denominators: Float32Array): void {
    const { sparse, rank, coefficients, gatheredNumerators, gatheredDenominators } = this;
    sparse.gather(numerators, rank, gatheredNumerators);
    sparse.gather(denominators, rank, gatheredDenominators);
    for (let index = 0; index < coefficients.length; index++) {
      // A function without points in its support keeps its coefficient.
      if (!(gatheredDenominators[index]! > 0)) continue;
      coefficients[index] = Math.max(
        FLOOR,
        coefficients[index]! * (gatheredNumerators[index]! / Math.max(FLOOR, gatheredDenominators[index]!)),
      );
    }
    sparse.expand(coefficients, rank, this.values);
  }

  scale(factors: Float64Array): void {
    const { coefficients, values, rank } = this;
    for (let index = 0; index < coefficients.length; index++) coefficients[index]! *= factors[index % rank]!;
    for (let index = 0; index < values.length; index++) values[index]! *= factors[index % rank]!;
  }

  functions(): CoordinateFunctions {
    return new BasisFunctions(this.basis, this.rank, this.coefficients.slice());
  }
}

/**
 * One free value per row; each update is averaged over neighbouring rows with a smoothing kernel (P. Smaragdis, M. Kim, "Non-negative
 * matrix factorization for irregularly-spaced transforms", WASPAA 2013).
 */
export class SmoothedFactor implements PointFactor {
  readonly rows: CoordinateRows;
  readonly values: Float32Array;
  private readonly rank: number;
  private readonly kernel: SparseBasis;
  private readonly gatheredNumerators: Float32Array;
  private readonly gatheredDenominators: Float32Array;

  /** @param kernel basis with one function centred at each row */
  constructor(kernel: CoordinateBasis, rows: CoordinateRows, rank: number) {
    this.rows = rows;
    this.rank = rank;
    this.kernel = new SparseBasis(kernel, rows.coordinates);
    this.values = new Float32Array(rows.rows * rank);
    this.gatheredNumerators = new Float32Array(rows.rows * rank);
    this.gatheredDenominators = new Float32Array(rows.rows * rank);
  }

  start(values: Float32Array): void {
    this.values.set(values);
  }

  multiply(numerators: Float32Array, denominators: Float32Array): void {
    const { values, kernel, rank, gatheredNumerators, gatheredDenominators } = this;
    for (let index = 0; index < values.length; index++) values[index]! *= numerators[index]!;
    kernel.gather(values, rank, gatheredNumerators);
    kernel.gather(denominators, rank, gatheredDenominators);
    for (let index = 0; index < values.length; index++) {
      values[index] = Math.max(FLOOR, gatheredNumerators[index]! / Math.max(FLOOR, gatheredDenominators[index]!));
    }
  }

  scale(factors: Float64Array): void {
    for (let index = 0; index < this.values.length; index++) this.values[index]! *= factors[index % this.rank]!;
  }

  /** Interpolates linearly between the rows. */
  functions(): CoordinateFunctions {
    return new BasisFunctions(new HatBasis(this.rows.coordinates), this.rank, this.values.slice());
  }
}
