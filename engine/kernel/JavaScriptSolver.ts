import { type JavaScriptTiles, MODEL_FLOOR } from './JavaScriptTiles.ts';
import { TILE_BINS } from './KernelFunctions.ts';

// Explained in assembly/frame.ts.
const LARGEST_SHRINKAGE = 0.1;
const SLEEPING_LEVEL = 1e-5;
const OVERSHOOT = 0.9;
const LARGEST_STEP = 1000;
const LARGEST_PREVIOUS_STEP = 10;
const PARALLEL = 1e-4;
const SMALLEST_ACTIVATION = 1e-30;

/**
 * JavaScript version of the kernel's solver for one frame. Explained in assembly/frame.ts; the steps are the same, except that the model
 * is recomputed in every iteration. Offsets are in elements, not bytes.
 */
export class JavaScriptSolver {
  /** Upper bound of (D(h) - min D) / sum V after `solve`. */
  relativeGap = 0;

  private readonly memory: Float32Array;
  private readonly tiles: JavaScriptTiles;
  // Offsets of the rows in the scratch memory, set by `solve`.
  private directions = 0;
  private previous = 0;
  private correlations = 0;
  private model = 0;
  private directionModel = 0;
  private previousModel = 0;
  private total = 0;
  private slope = 0;
  private isOvershot = false;
  private step = 1;
  private previousStep = 0;

  constructor(memory: Float32Array, tiles: JavaScriptTiles) {
    this.memory = memory;
    this.tiles = tiles;
  }

  /** @returns iterations done */
  solve(
    packed: number,
    tileCount: number,
    templates: number,
    columnSums: number,
    magnitudes: number,
    activations: number,
    scratch: number,
    iterations: number,
    tolerance: number,
  ): number {
    const { memory } = this;
    const bins = tileCount * TILE_BINS;
    this.directions = scratch;
    this.previous = scratch + templates;
    this.correlations = scratch + 2 * templates;
    this.model = scratch + 3 * templates;
    this.directionModel = this.model + bins;
    this.previousModel = this.directionModel + bins;
    memory.fill(0, scratch, this.previousModel + bins);
    this.total = 0;
    for (let bin = 0; bin < bins; bin++) this.total += memory[magnitudes + bin]!;
    this.slope = 0;
    let done = 0;
    while (done < iterations) {
      this.correlate(packed, tileCount, templates, magnitudes, activations);
      this.direct(templates, columnSums, activations);
      this.search(packed, tileCount, templates, magnitudes);
      done++;
      if (this.advance(templates, columnSums, activations) < tolerance) break;
    }
    return done;
  }

  private correlate(
    packed: number,
    tileCount: number,
    templates: number,
    magnitudes: number,
    activations: number,
  ): void {
    const { memory, tiles, model, previousModel } = this;
    memory.fill(0, this.correlations, this.correlations + templates);
    for (let tile = 0; tile < tileCount; tile++) {
      const first = tile * TILE_BINS;
      tiles.model(packed + first * templates, templates, activations);
      for (let bin = 0; bin < TILE_BINS; bin++) {
        const value = tiles.values[bin]!;
        memory[previousModel + first + bin] = value - memory[model + first + bin]!;
        memory[model + first + bin] = value;
      }
      tiles.divide(magnitudes + first);
      tiles.correlate(packed + first * templates, templates, this.correlations);
    }
    // The first change, from zero to the starting point, is not a step to extrapolate.
    if (this.slope === 0) memory.fill(0, previousModel, previousModel + tileCount * TILE_BINS);
  }

  private direct(templates: number, columnSums: number, activations: number): void {
    const { memory, directions, previous, correlations, total } = this;
    const sleeping = (SLEEPING_LEVEL * total) / templates;
    let level = 0;
    let largest = 0;
    let slope = 0;
    for (let k = 0; k < templates; k++) {
      const column = memory[columnSums + k]!;
      const h = memory[activations + k]!;
      const factor = memory[correlations + k]! / column;
      const sleeps = h * column <= sleeping && factor < 1;
      memory[directions + k] = sleeps ? 0 : h * (factor - 1);
      level += h * column;
      largest = Math.max(largest, factor);
      slope -= column * (factor - 1) * memory[previous + k]!;
    }
    this.relativeGap = Math.max(0, level / total - 1 + Math.log(largest));
    this.isOvershot = slope > OVERSHOOT * this.slope;
  }

  private search(packed: number, tileCount: number, templates: number, magnitudes: number): void {
    const { memory, tiles, model, directionModel, previousModel } = this;
    let gradientD = 0;
    let gradientP = 0;
    let curvatureDD = 0;
    let curvatureDP = 0;
    let curvaturePP = 0;
    for (let tile = 0; tile < tileCount; tile++) {
      const first = tile * TILE_BINS;
      tiles.model(packed + first * templates, templates, this.directions);
      for (let bin = 0; bin < TILE_BINS; bin++) {
        const d = tiles.values[bin]!;
        const p = memory[previousModel + first + bin]!;
        memory[directionModel + first + bin] = d;
        const inverse = 1 / Math.max(MODEL_FLOOR, memory[model + first + bin]! + d);
        const ratio = memory[magnitudes + first + bin]! * inverse;
        const curvature = ratio * inverse;
        gradientD += d * (1 - ratio);
        gradientP += p * (1 - ratio);
        curvatureDD += d * curvature * d;
        curvatureDP += d * curvature * p;
        curvaturePP += p * curvature * p;
      }
    }
    this.chooseSteps(gradientD, gradientP, curvatureDD, curvatureDP, curvaturePP);
  }

  private chooseSteps(gd: number, gp: number, dd: number, dp: number, pp: number): void {
    const determinant = dd * pp - dp * dp;
    this.step = 1;
    this.previousStep = 0;
    if (this.isOvershot) return;
    if (determinant > PARALLEL * dd * pp) {
      this.step = 1 - (pp * gd - dp * gp) / determinant;
      this.previousStep = (dp * gd - dd * gp) / determinant;
    } else if (dd > 0) this.step = 1 - gd / dd;
    const isUsable = this.step > 0 && this.step < LARGEST_STEP && Math.abs(this.previousStep) < LARGEST_PREVIOUS_STEP;
    if (!isUsable) {
      this.step = 1;
      this.previousStep = 0;
    }
  }

  private advance(templates: number, columnSums: number, activations: number): number {
    const { memory, directions, previous, total } = this;
    const sleeping = (SLEEPING_LEVEL * total) / templates;
    this.slope = 0;
    for (let k = 0; k < templates; k++) {
      const h = memory[activations + k]!;
      const d = memory[directions + k]!;
      const column = memory[columnSums + k]!;
      const target = h + this.step * d + this.previousStep * memory[previous + k]!;
      const next = Math.max(target, LARGEST_SHRINKAGE * h, sleeping / column);
      memory[activations + k] = next;
      memory[previous + k] = memory[activations + k]! - h;
      this.slope += column * (d / Math.max(SMALLEST_ACTIVATION, h)) * (next - h);
    }
    return total > 0 ? Math.abs(0.5 * this.slope) / total : 0;
  }
}
