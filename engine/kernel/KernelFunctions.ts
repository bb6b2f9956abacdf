/** Byte offset in a kernel's linear memory. */
export type Address = number;

/** Bins of a tile: six vectors of four, the most that stay in registers. */
export const TILE_BINS = 24;

/** Frames per batch of `updateActivations` and `gatherFrames`, whose scratch memory holds one tile of each. */
export const GATHERED_FRAMES = 32;

/** Smaller template values become zero: products with them would be denormal numbers, 30 times as slow. */
export const SMALLEST_TEMPLATE = 1e-12;

/** Decays of the moments, and the smallest deviation, in the optimiser Adam; the same in assembly/learning.ts. */
export const ADAM = { firstMomentDecay: 0.9, secondMomentDecay: 0.999, epsilon: 1e-8 } as const;

/**
 * The kernel's functions, with operands as addresses in its own memory. Exported by the WebAssembly builds, implemented by the JavaScript
 * fallback. Templates are packed as [tile][template][24 bins]; `templates` is always a multiple of 4 (see `PackedTemplates`). None of the
 * functions allocates.
 */
export interface KernelFunctions {
  /** samples [2 * half] -> spectrum [half + 1] interleaved. `RealFft` provides plan, twiddles, turns and work. */
  forwardFft(
    samples: Address,
    spectrum: Address,
    half: number,
    plan: Address,
    passes: number,
    twiddles: Address,
    turns: Address,
    work: Address,
  ): void;
  /** spectrum [half + 1] interleaved -> samples [2 * half], divided by the size. */
  inverseFft(
    samples: Address,
    spectrum: Address,
    half: number,
    plan: Address,
    passes: number,
    twiddles: Address,
    turns: Address,
    work: Address,
  ): void;
  /** model [tiles x 24] = sum over templates of activation * template, for one frame. */
  multiplyTemplates(packed: Address, tiles: number, templates: number, activations: Address, model: Address): void;
  /**
   * Activations of 1 to 8 frames under the Kullback-Leibler divergence, and an upper bound of each frame's optimality gap; see
   * `ActivationSolver`.
   * @returns iterations performed
   */
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
  ): number;
  /** One multiplicative update of all activations; accumulates the numerators of the templates in `gathered` unless it is 0. */
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
  ): void;
  /** template *= gathered / sum of its activations. */
  updateTemplates(packed: Address, tiles: number, templates: number, gathered: Address, activationSums: Address): void;
  /** models [frames x tiles * 24] = activations [frames x templates] * templates; `frames` is a multiple of 4. */
  multiplyFrames(
    packed: Address,
    tiles: number,
    templates: number,
    activations: Address,
    frames: number,
    models: Address,
  ): void;
  /**
   * gathered += transposed activations * values.
   * @param gathered in the layout of packed templates
   * @param values [frames x tiles * 24]
   * @param scratch [32 * 24]
   */
  gatherFrames(
    gathered: Address,
    tiles: number,
    templates: number,
    activations: Address,
    frames: number,
    values: Address,
    scratch: Address,
  ): void;
  /**
   * correlations [frames x templates] = values [frames x tiles * 24] * transposed templates; `frames` is a multiple of 4.
   * @param scratch [4 * 24 + 4 * 4 * templates]
   */
  correlateFrames(
    packed: Address,
    tiles: number,
    templates: number,
    values: Address,
    frames: number,
    correlations: Address,
    scratch: Address,
  ): void;
  /** Replaces values by their hyperbolic tangent; `count` is a multiple of 4. */
  applyTanh(values: Address, count: number): void;
  /**
   * One step of the Adam optimiser.
   * @param count multiple of 4
   * @param first moment of the gradient, updated
   * @param second moment of the gradient, updated
   * @param weightDecay factor of the parameters that is added to the gradient
   * @param rate learning rate, divided by 1 - 0.9^steps
   * @param secondScale 1 / (1 - 0.999^steps)
   */
  adamStep(
    parameters: Address,
    gradient: Address,
    first: Address,
    second: Address,
    count: number,
    weightDecay: number,
    rate: number,
    secondScale: number,
  ): void;
}
