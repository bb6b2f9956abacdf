import { BasisFunctions, type CoordinateBasis, type CoordinateFunctions } from './CoordinateBasis.ts';
import { type CoordinateRows, SparseBasis } from './CoordinateRows.ts';
import { HatBasis } from './HatBasis.ts';

/** Keeps quotients finite and denormal numbers, which are slow, away. */
const FLOOR = 1e-12;

/** One of the two factors of a factorization of points: `rank` functions of one coordinate, known by their values at the rows. */
export interface PointFactor {
  readonly rows: CoordinateRows;
  /** [rows x rank] the functions at the rows; follows every `multiply` and `start` */
  readonly values: Float32Array;
  /** Takes the nearest to these values at the rows, [rows x rank], that the factor can represent. */
  start(values: Float32Array): void;
  /** Multiplicative update. @param numerators [rows x rank] @param denominators [rows x rank] */
  multiply(numerators: Float32Array, denominators: Float32Array): void;
  /** @param factors [rank] each function is multiplied by its own */
  scale(factors: Float64Array): void;
  functions(): CoordinateFunctions;
}

/** Sums of a basis's functions with coefficients >= 0. */
export class BasisFactor implements PointFactor {
  readonly rows: CoordinateRows;
  readonly values: Float32Array;
  private readonly rank: number;
  private readonly basis: CoordinateBasis;
  private readonly sparse: SparseBasis;
  private readonly coefficients: Float32Array;
  private readonly above: Float32Array;
  private readonly below: Float32Array;

  constructor(basis: CoordinateBasis, rows: CoordinateRows, rank: number) {
    this.basis = basis;
    this.rows = rows;
    this.rank = rank;
    this.sparse = new SparseBasis(basis, rows.coordinates);
    this.values = new Float32Array(rows.rows * rank);
    this.coefficients = new Float32Array(basis.functions * rank);
    this.above = new Float32Array(basis.functions * rank);
    this.below = new Float32Array(basis.functions * rank);
  }

  start(values: Float32Array): void {
    const { sparse, rank, coefficients, above, below } = this;
    // Each function starts at the mean of the values under it.
    sparse.gather(values, rank, above);
    sparse.gather(new Float32Array(values.length).fill(1), rank, below);
    for (let index = 0; index < coefficients.length; index++) {
      coefficients[index] = Math.max(FLOOR, above[index]! / Math.max(FLOOR, below[index]!));
    }
    sparse.expand(coefficients, rank, this.values);
  }

  multiply(numerators: Float32Array, denominators: Float32Array): void {
    const { sparse, rank, coefficients, above, below } = this;
    sparse.gather(numerators, rank, above);
    sparse.gather(denominators, rank, below);
    for (let index = 0; index < coefficients.length; index++) {
      // A function under which no point lies keeps its coefficient.
      if (!(below[index]! > 0)) continue;
      coefficients[index] = Math.max(FLOOR, coefficients[index]! * (above[index]! / Math.max(FLOOR, below[index]!)));
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
 * A free value at each row; every update is averaged over neighbours with a kernel (P. Smaragdis, M. Kim, "Non-negative matrix
 * factorization for irregularly-spaced transforms", WASPAA 2013).
 */
export class SmoothedFactor implements PointFactor {
  readonly rows: CoordinateRows;
  readonly values: Float32Array;
  private readonly rank: number;
  private readonly kernel: SparseBasis;
  private readonly above: Float32Array;
  private readonly below: Float32Array;

  /** @param kernel a basis with one function around each row */
  constructor(kernel: CoordinateBasis, rows: CoordinateRows, rank: number) {
    this.rows = rows;
    this.rank = rank;
    this.kernel = new SparseBasis(kernel, rows.coordinates);
    this.values = new Float32Array(rows.rows * rank);
    this.above = new Float32Array(rows.rows * rank);
    this.below = new Float32Array(rows.rows * rank);
  }

  start(values: Float32Array): void {
    this.values.set(values);
  }

  multiply(numerators: Float32Array, denominators: Float32Array): void {
    const { values, kernel, rank, above, below } = this;
    for (let index = 0; index < values.length; index++) values[index]! *= numerators[index]!;
    kernel.gather(values, rank, above);
    kernel.gather(denominators, rank, below);
    for (let index = 0; index < values.length; index++) {
      values[index] = Math.max(FLOOR, above[index]! / Math.max(FLOOR, below[index]!));
    }
  }

  scale(factors: Float64Array): void {
    for (let index = 0; index < this.values.length; index++) this.values[index]! *= factors[index % this.rank]!;
  }

  /** Linear between the rows. */
  functions(): CoordinateFunctions {
    return new BasisFunctions(new HatBasis(this.rows.coordinates), this.rank, this.values.slice());
  }
}
