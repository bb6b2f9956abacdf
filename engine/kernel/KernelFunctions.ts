/** Byte offset in a kernel's linear memory. */
export type Address = number;

/** Bins of a tile: six vectors of four, as many as stay in registers. */
export const TILE_BINS = 24;

/**
 * What the kernel computes, on addresses of its own memory: the WebAssembly builds export these, the JavaScript fallback implements
 * them. Templates are packed as [tile][template][24 bins]; `templates` is always a multiple of 4 (see `PackedTemplates`).
 * @thread any. None of them allocates.
 */
export interface KernelFunctions {
  /** samples [2 * half] -> spectrum [half + 1] interleaved; the plan's addresses come from `RealFft`. */
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
  /** model [tiles x 24] = sum over templates of activation * template. */
  multiplyTemplates(packed: Address, tiles: number, templates: number, activations: Address, model: Address): void;
  /** 1 to 8 frames of activations under KL divergence, and a bound of each one's gap; see `ActivationSolver`. @returns iterations done */
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
  /** One multiplicative update of all activations; collects the numerators of the templates in `gathered` unless that is 0. */
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
  /** Templates times `gathered` over the sums of their activations. */
  updateTemplates(packed: Address, tiles: number, templates: number, gathered: Address, activationSums: Address): void;
  /** models [frames x tiles * 24] = activations [frames x templates] times templates; frames is a multiple of 4. */
  multiplyFrames(
    packed: Address,
    tiles: number,
    templates: number,
    activations: Address,
    frames: number,
    models: Address,
  ): void;
  /** gathered, laid out as packed templates, += transposed activations times values [frames x tiles * 24]; scratch has 32 * 24 numbers. */
  gatherFrames(
    gathered: Address,
    tiles: number,
    templates: number,
    activations: Address,
    frames: number,
    values: Address,
    scratch: Address,
  ): void;
}
