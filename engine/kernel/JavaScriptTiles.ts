import { TILE_BINS } from './KernelFunctions.ts';

/** Lower bound of the model: keeps the ratio of spectrum and model finite. */
export const MODEL_FLOOR = 1e-12;

/**
 * JavaScript version of the inner loops over packed templates: eight bins or four templates at a time, so that sums stay in registers.
 * Offsets are in elements, not bytes.
 */
export class JavaScriptTiles {
  /** [24] result of `model` and `divide`, operand of `correlate` and `gather` */
  readonly values = new Float64Array(TILE_BINS);
  private readonly memory: Float32Array;

  constructor(memory: Float32Array) {
    this.memory = memory;
  }

  /** values = sum over templates of activation * template. */
  model(tile: number, templates: number, activations: number): void {
    const { memory, values } = this;
    for (let first = 0; first < TILE_BINS; first += 8) {
      let m0 = 0;
      let m1 = 0;
      let m2 = 0;
      let m3 = 0;
      let m4 = 0;
      let m5 = 0;
      let m6 = 0;
      let m7 = 0;
      for (let k = 0, at = tile + first; k < templates; k++, at += TILE_BINS) {
        const h = memory[activations + k]!;
        m0 += h * memory[at]!;
        m1 += h * memory[at + 1]!;
        m2 += h * memory[at + 2]!;
        m3 += h * memory[at + 3]!;
        m4 += h * memory[at + 4]!;
        m5 += h * memory[at + 5]!;
        m6 += h * memory[at + 6]!;
        m7 += h * memory[at + 7]!;
      }
      values[first] = m0;
      values[first + 1] = m1;
      values[first + 2] = m2;
      values[first + 3] = m3;
      values[first + 4] = m4;
      values[first + 5] = m5;
      values[first + 6] = m6;
      values[first + 7] = m7;
    }
  }

  /** values = spectrum / values. */
  divide(magnitudes: number): void {
    const { memory, values } = this;
    for (let bin = 0; bin < TILE_BINS; bin++)
      values[bin] = memory[magnitudes + bin]! / Math.max(MODEL_FLOOR, values[bin]!);
  }

  /** correlation[template] += sum over bins of template * values. @param templates multiple of 4 */
  correlate(tile: number, templates: number, correlations: number): void {
    const { memory, values } = this;
    for (let k = 0, at = tile; k < templates; k += 4, at += 4 * TILE_BINS) {
      let c0 = 0;
      let c1 = 0;
      let c2 = 0;
      let c3 = 0;
      for (let bin = 0; bin < TILE_BINS; bin++) {
        const ratio = values[bin]!;
        c0 += ratio * memory[at + bin]!;
        c1 += ratio * memory[at + bin + TILE_BINS]!;
        c2 += ratio * memory[at + bin + 2 * TILE_BINS]!;
        c3 += ratio * memory[at + bin + 3 * TILE_BINS]!;
      }
      memory[correlations + k] = memory[correlations + k]! + c0;
      memory[correlations + k + 1] = memory[correlations + k + 1]! + c1;
      memory[correlations + k + 2] = memory[correlations + k + 2]! + c2;
      memory[correlations + k + 3] = memory[correlations + k + 3]! + c3;
    }
  }

  /** gathered[template][24] += activation * values. */
  gather(gathered: number, templates: number, activations: number): void {
    const { memory, values } = this;
    for (let k = 0, at = gathered; k < templates; k++, at += TILE_BINS) {
      const h = memory[activations + k]!;
      for (let bin = 0; bin < TILE_BINS; bin++) memory[at + bin] = memory[at + bin]! + h * values[bin]!;
    }
  }
}
