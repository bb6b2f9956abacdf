import { JavaScriptFft } from './JavaScriptFft.ts';
import { JavaScriptSolver } from './JavaScriptSolver.ts';
import { JavaScriptTiles } from './JavaScriptTiles.ts';
import { ADAM, type Address, type KernelFunctions, SMALLEST_TEMPLATE, TILE_BINS } from './KernelFunctions.ts';

/** As in assembly/factors.ts. */
const SMALLEST_ACTIVATION = 1e-20;

/**
 * Fallback where WebAssembly has no SIMD: the same algorithms, step by step, on the same memory layout. Documented at the AssemblyScript
 * sources (assembly/); results agree to 1e-4.
 */
export class JavaScriptKernel implements KernelFunctions {
  private readonly memory: Float32Array;
  private readonly fft: JavaScriptFft;
  private readonly tiles: JavaScriptTiles;
  private readonly solver: JavaScriptSolver;

  constructor(buffer: ArrayBuffer) {
    this.memory = new Float32Array(buffer);
    this.tiles = new JavaScriptTiles(this.memory);
    this.solver = new JavaScriptSolver(this.memory, this.tiles);
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
    const { memory } = this;
    for (let first = 0; first < tiles * TILE_BINS; first += TILE_BINS) {
      this.tiles.model(packed / 4 + first * templates, templates, activations / 4);
      for (let bin = 0; bin < TILE_BINS; bin++) memory[model / 4 + first + bin] = this.tiles.values[bin]!;
    }
  }

  solve(
    packed: Address,
    tiles: number,
    templates: number,
    columnSums: Address,
    magnitudes: Address,
    activations: Address,
    gaps: Address,
    scratch: Address,
    frames: number,
    iterations: number,
    tolerance: number,
  ): number {
    let longest = 0;
    for (let frame = 0; frame < frames; frame++) {
      const done = this.solver.solve(
        packed / 4,
        tiles,
        templates,
        columnSums / 4,
        magnitudes / 4 + frame * tiles * TILE_BINS,
        activations / 4 + frame * templates,
        scratch / 4,
        iterations,
        tolerance,
      );
      this.memory[gaps / 4 + frame] = this.solver.relativeGap;
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
      memory.fill(0, correlations, correlations + templates);
      for (let first = 0; first < tiles * TILE_BINS; first += TILE_BINS) {
        this.ratios(packed / 4 + first * templates, templates, h, v + first);
        this.tiles.correlate(packed / 4 + first * templates, templates, correlations);
      }
      for (let k = 0; k < templates; k++) {
        const factor = memory[correlations + k]! / memory[columnSums / 4 + k]!;
        memory[h + k] = Math.max(SMALLEST_ACTIVATION, memory[h + k]! * factor);
      }
      if (gathered === 0) continue;
      for (let first = 0; first < tiles * TILE_BINS; first += TILE_BINS) {
        this.ratios(packed / 4 + first * templates, templates, h, v + first);
        this.tiles.gather(gathered / 4 + first * templates, templates, h);
      }
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

  multiplyFrames(
    packed: Address,
    tiles: number,
    templates: number,
    activations: Address,
    frames: number,
    models: Address,
  ): void {
    for (let frame = 0; frame < frames; frame++) {
      const model = models + 4 * frame * tiles * TILE_BINS;
      this.multiplyTemplates(packed, tiles, templates, activations + 4 * frame * templates, model);
    }
  }

  gatherFrames(
    gathered: Address,
    tiles: number,
    templates: number,
    activations: Address,
    frames: number,
    values: Address,
  ): void {
    for (let frame = 0; frame < frames; frame++) {
      const row = values / 4 + frame * tiles * TILE_BINS;
      for (let first = 0; first < tiles * TILE_BINS; first += TILE_BINS) {
        for (let bin = 0; bin < TILE_BINS; bin++) this.tiles.values[bin] = this.memory[row + first + bin]!;
        this.tiles.gather(gathered / 4 + first * templates, templates, activations / 4 + frame * templates);
      }
    }
  }

  correlateFrames(
    packed: Address,
    tiles: number,
    templates: number,
    values: Address,
    frames: number,
    correlations: Address,
  ): void {
    const { memory } = this;
    memory.fill(0, correlations / 4, correlations / 4 + frames * templates);
    for (let frame = 0; frame < frames; frame++) {
      const row = values / 4 + frame * tiles * TILE_BINS;
      for (let first = 0; first < tiles * TILE_BINS; first += TILE_BINS) {
        for (let bin = 0; bin < TILE_BINS; bin++) this.tiles.values[bin] = memory[row + first + bin]!;
        this.tiles.correlate(packed / 4 + first * templates, templates, correlations / 4 + frame * templates);
      }
    }
  }

  applyTanh(values: Address, count: number): void {
    for (let at = values / 4; at < values / 4 + count; at++) this.memory[at] = Math.tanh(this.memory[at]!);
  }

  adamStep(
    parameters: Address,
    gradient: Address,
    first: Address,
    second: Address,
    count: number,
    weightDecay: number,
    rate: number,
    secondScale: number,
  ): void {
    const { memory } = this;
    const { firstMomentDecay, secondMomentDecay, epsilon } = ADAM;
    for (let n = 0; n < count; n++) {
      const slope = memory[gradient / 4 + n]! + weightDecay * memory[parameters / 4 + n]!;
      const mean = firstMomentDecay * memory[first / 4 + n]! + (1 - firstMomentDecay) * slope;
      const power = secondMomentDecay * memory[second / 4 + n]! + (1 - secondMomentDecay) * slope * slope;
      memory[first / 4 + n] = mean;
      memory[second / 4 + n] = power;
      memory[parameters / 4 + n]! -= (rate * mean) / (Math.sqrt(secondScale * power) + epsilon);
    }
  }

  /** Writes the ratios of spectrum and model into the tile's values. Offsets are in elements. */
  private ratios(tile: number, templates: number, activations: number, magnitudes: number): void {
    this.tiles.model(tile, templates, activations);
    this.tiles.divide(magnitudes);
  }
}
