import { JavaScriptFft } from './JavaScriptFft.ts';
import { type Address, type KernelFunctions, TILE_BINS } from './KernelFunctions.ts';

const MODEL_FLOOR = 1e-12;
const SMALLEST_ACTIVATION = 1e-20;
const SMALLEST_TEMPLATE = 1e-12;
const STEP = 1.25;
const FIRST_MOMENTUM = 3;
const SMALLEST_RATIO = 1e-30;
const LOG2_SMALLEST = -66.43856;
const LOG2_LARGEST = 60;
/** Scratch of `solve` beside the tile: rows of [templates]. */
const ROWS = { point: 0, logarithm: 1, extrapolated: 2, change: 3, correlation: 4 } as const;

/**
 * The kernel where WebAssembly has no SIMD: the same algorithms on the same memory, tile by tile. What the numbers mean is told at
 * the AssemblyScript sources, step by step the same; results agree to 1e-4.
 */
export class JavaScriptKernel implements KernelFunctions {
  private readonly memory: Float32Array;
  private readonly fft: JavaScriptFft;
  private readonly tile = new Float64Array(TILE_BINS);

  constructor(buffer: ArrayBuffer) {
    this.memory = new Float32Array(buffer);
    this.fft = new JavaScriptFft(buffer);
  }

  forwardFft(
    samples: Address,
    spectrum: Address,
    half: number,
    plan: Address,
    passes: number,
    twiddles: Address,
    turns: Address,
    work: Address,
  ): void {
    this.fft.forward(samples / 4, spectrum / 4, half, plan / 4, passes, twiddles / 4, turns / 4, work / 4);
  }

  inverseFft(
    samples: Address,
    spectrum: Address,
    half: number,
    plan: Address,
    passes: number,
    twiddles: Address,
    turns: Address,
    work: Address,
  ): void {
    this.fft.inverse(samples / 4, spectrum / 4, half, plan / 4, passes, twiddles / 4, turns / 4, work / 4);
  }

  multiplyTemplates(packed: Address, tiles: number, templates: number, activations: Address, model: Address): void {
    const { memory, tile } = this;
    for (let index = 0; index < tiles; index++) {
      this.modelTile(packed / 4 + index * templates * TILE_BINS, templates, activations / 4);
      for (let bin = 0; bin < TILE_BINS; bin++) memory[model / 4 + index * TILE_BINS + bin] = tile[bin]!;
    }
  }

  solve(
    packed: Address,
    tiles: number,
    templates: number,
    columnSums: Address,
    magnitudes: Address,
    activations: Address,
    scratch: Address,
    frames: number,
    iterations: number,
    tolerance: number,
  ): number {
    let longest = 0;
    for (let frame = 0; frame < frames; frame++) {
      const v = magnitudes / 4 + frame * tiles * TILE_BINS;
      const h = activations / 4 + frame * templates;
      const done = this.solveFrame(
        packed / 4,
        tiles,
        templates,
        columnSums / 4,
        v,
        h,
        scratch / 4,
        iterations,
        tolerance,
      );
      longest = Math.max(longest, done);
    }
    return longest;
  }

  updateActivations(
    packed: Address,
    tiles: number,
    templates: number,
    columnSums: Address,
    magnitudes: Address,
    frames: number,
    activations: Address,
    gathered: Address,
    scratch: Address,
  ): void {
    const { memory } = this;
    const correlations = scratch / 4;
    for (let frame = 0; frame < frames; frame++) {
      const v = magnitudes / 4 + frame * tiles * TILE_BINS;
      const h = activations / 4 + frame * templates;
      this.correlate(packed / 4, tiles, templates, h, v, correlations);
      for (let k = 0; k < templates; k++) {
        const factor = memory[correlations + k]! / memory[columnSums / 4 + k]!;
        memory[h + k] = Math.max(SMALLEST_ACTIVATION, memory[h + k]! * factor);
      }
      if (gathered !== 0) this.gather(packed / 4, tiles, templates, h, v, gathered / 4);
    }
  }

  updateTemplates(packed: Address, tiles: number, templates: number, gathered: Address, activationSums: Address): void {
    const { memory } = this;
    for (let row = 0; row < tiles * templates; row++) {
      const sum = memory[activationSums / 4 + (row % templates)]!;
      for (let at = row * TILE_BINS; at < (row + 1) * TILE_BINS; at++) {
        const value = (memory[packed / 4 + at]! * memory[gathered / 4 + at]!) / sum;
        memory[packed / 4 + at] = value >= SMALLEST_TEMPLATE ? value : 0;
      }
    }
  }

  /** Leaves the model of one tile in `tile`. Addresses in numbers, here and below. */
  private modelTile(tileStart: number, templates: number, activations: number): void {
    const { memory, tile } = this;
    tile.fill(0);
    for (let k = 0; k < templates; k++) {
      const h = memory[activations + k]!;
      const row = tileStart + k * TILE_BINS;
      for (let bin = 0; bin < TILE_BINS; bin++) tile[bin] = tile[bin]! + h * memory[row + bin]!;
    }
  }

  /** Leaves the ratio of spectrum and model of one tile in `tile`. */
  private ratioTile(tileStart: number, templates: number, activations: number, magnitudes: number): void {
    const { memory, tile } = this;
    this.modelTile(tileStart, templates, activations);
    for (let bin = 0; bin < TILE_BINS; bin++) tile[bin] = memory[magnitudes + bin]! / Math.max(MODEL_FLOOR, tile[bin]!);
  }

  private correlate(
    packed: number,
    tiles: number,
    templates: number,
    activations: number,
    magnitudes: number,
    correlations: number,
  ): void {
    const { memory, tile } = this;
    memory.fill(0, correlations, correlations + templates);
    for (let index = 0; index < tiles; index++) {
      const tileStart = packed + index * templates * TILE_BINS;
      this.ratioTile(tileStart, templates, activations, magnitudes + index * TILE_BINS);
      for (let k = 0; k < templates; k++) {
        const row = tileStart + k * TILE_BINS;
        let sum = 0;
        for (let bin = 0; bin < TILE_BINS; bin++) sum += tile[bin]! * memory[row + bin]!;
        memory[correlations + k] = memory[correlations + k]! + sum;
      }
    }
  }

  private gather(
    packed: number,
    tiles: number,
    templates: number,
    activations: number,
    magnitudes: number,
    gathered: number,
  ): void {
    const { memory, tile } = this;
    for (let index = 0; index < tiles; index++) {
      const offset = index * templates * TILE_BINS;
      this.ratioTile(packed + offset, templates, activations, magnitudes + index * TILE_BINS);
      for (let k = 0; k < templates; k++) {
        const h = memory[activations + k]!;
        const row = gathered + offset + k * TILE_BINS;
        for (let bin = 0; bin < TILE_BINS; bin++) memory[row + bin] = memory[row + bin]! + h * tile[bin]!;
      }
    }
  }

  private solveFrame(
    packed: number,
    tiles: number,
    templates: number,
    columnSums: number,
    magnitudes: number,
    activations: number,
    scratch: number,
    iterations: number,
    tolerance: number,
  ): number {
    const { memory } = this;
    const points = scratch + ROWS.point * templates;
    const logarithms = scratch + ROWS.logarithm * templates;
    for (let k = 0; k < templates; k++) {
      const x = limit(Math.log2(Math.max(SMALLEST_RATIO, memory[activations + k]!)));
      memory[logarithms + k] = x;
      memory[scratch + ROWS.extrapolated * templates + k] = x;
      memory[points + k] = 2 ** x;
    }
    let momentum = FIRST_MOMENTUM;
    let done = 0;
    while (done < iterations) {
      this.correlate(packed, tiles, templates, points, magnitudes, scratch + ROWS.correlation * templates);
      momentum = this.advance(scratch, templates, columnSums, momentum);
      done++;
      if (tolerance > 0 && this.movement(scratch, templates, columnSums) < tolerance) break;
    }
    for (let k = 0; k < templates; k++) memory[activations + k] = 2 ** memory[logarithms + k]!;
    return done;
  }

  private advance(scratch: number, templates: number, columnSums: number, momentum: number): number {
    const { memory } = this;
    const points = scratch + ROWS.point * templates;
    const logarithms = scratch + ROWS.logarithm * templates;
    const extrapolated = scratch + ROWS.extrapolated * templates;
    const changes = scratch + ROWS.change * templates;
    const correlations = scratch + ROWS.correlation * templates;
    let slope = 0;
    for (let k = 0; k < templates; k++) {
      const column = memory[columnSums + k]!;
      const ratio = Math.max(SMALLEST_RATIO, memory[correlations + k]! / column);
      const next = limit(memory[extrapolated + k]! + STEP * Math.log2(ratio));
      const change = next - memory[logarithms + k]!;
      slope += memory[points + k]! * column * (1 - ratio) * change;
      memory[logarithms + k] = next;
      memory[changes + k] = change;
    }
    const previous = slope > 0 ? 1 : momentum;
    const following = (1 + Math.sqrt(1 + 4 * previous * previous)) / 2;
    const extrapolation = (previous - 1) / following;
    for (let k = 0; k < templates; k++) {
      const point = limit(memory[logarithms + k]! + extrapolation * memory[changes + k]!);
      memory[extrapolated + k] = point;
      memory[points + k] = 2 ** point;
    }
    return following;
  }

  private movement(scratch: number, templates: number, columnSums: number): number {
    const { memory } = this;
    let moved = 0;
    let total = 0;
    for (let k = 0; k < templates; k++) {
      const level = memory[scratch + ROWS.point * templates + k]! * memory[columnSums + k]!;
      moved += level * Math.abs(memory[scratch + ROWS.change * templates + k]!);
      total += level;
    }
    return moved / Math.max(MODEL_FLOOR, total);
  }
}

function limit(x: number): number {
  return Math.min(LOG2_LARGEST, Math.max(LOG2_SMALLEST, x));
}
