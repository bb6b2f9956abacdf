import { InputError } from '../core/errors.ts';
import { Kernel, type KernelArray } from './Kernel.ts';
import { SMALLEST_TEMPLATE, TILE_BINS } from './KernelFunctions.ts';

/** The number of templates is padded to whole vectors. */
const TEMPLATE_MULTIPLE = 4;

export interface TemplateShape {
  readonly bins: number;
  readonly templates: number;
}

/** Bins and templates rounded up to whole tiles and vectors; the padding is zero and does not affect results. */
export function paddedShape({ bins, templates }: TemplateShape): { tiles: number; templates: number } {
  return {
    tiles: Math.ceil(bins / TILE_BINS),
    templates: Math.ceil(templates / TEMPLATE_MULTIPLE) * TEMPLATE_MULTIPLE,
  };
}

/**
 * A matrix in the kernel's layout, [tile][template][24 bins]: the model of 24 bins stays in registers during the loop over the templates,
 * and needs no sum across a vector.
 */
export class PackedTemplates {
  readonly tiles: number;
  /** Number of templates, padded to a multiple of 4. */
  readonly templates: number;
  readonly packed: KernelArray;
  /** [templates] sum over bins of each template; 1 for a silent template, so that division is safe. */
  readonly columnSums: KernelArray;
  private readonly shape: TemplateShape;

  static requiredBytes(shape: TemplateShape): number {
    const { tiles, templates } = paddedShape(shape);
    return Kernel.bytesFor(tiles * templates * TILE_BINS) + Kernel.bytesFor(templates);
  }

  constructor(kernel: Kernel, shape: TemplateShape) {
    const { tiles, templates } = paddedShape(shape);
    this.shape = shape;
    this.tiles = tiles;
    this.templates = templates;
    this.packed = kernel.float32(tiles * templates * TILE_BINS);
    this.columnSums = kernel.filled(templates, (sums) => sums.fill(1));
  }

  /**
   * Sets all templates and their column sums.
   * @param values [templates x bins] row-major, finite and >= 0
   * @throws InputError naming the first invalid value
   */
  set(values: Float32Array): void {
    const { bins, templates } = this.shape;
    if (values.length !== bins * templates) {
      throw new InputError(`templates must be ${templates} x ${bins} values, got ${values.length}`);
    }
    for (let template = 0; template < templates; template++) this.setRow(values, template);
    this.sumColumns();
  }

  /**
   * Sets a matrix of any sign, without checks and without column sums: for products only.
   * @param values [templates x bins] row-major, finite
   */
  setSigned(values: Float32Array): void {
    const { bins, templates } = this.shape;
    const packed = this.packed.values;
    for (let template = 0; template < templates; template++) {
      for (let first = 0; first < bins; first += TILE_BINS) {
        const target = this.position(template, first);
        const source = template * bins + first;
        const count = Math.min(TILE_BINS, bins - first);
        for (let n = 0; n < count; n++) {
          const value = values[source + n]!;
          packed[target + n] = Math.abs(value) < SMALLEST_TEMPLATE ? 0 : value;
        }
      }
    }
  }

  /** Unpacks the templates. @param values [templates x bins] row-major, overwritten */
  get(values: Float32Array): void {
    const { bins, templates } = this.shape;
    for (let template = 0; template < templates; template++) {
      for (let first = 0; first < bins; first += TILE_BINS) {
        const source = this.position(template, first);
        const count = Math.min(TILE_BINS, bins - first);
        values.set(this.packed.values.subarray(source, source + count), template * bins + first);
      }
    }
  }

  /** Recomputes `columnSums` from the packed values. */
  sumColumns(): void {
    const { bins, templates } = this.shape;
    for (let template = 0; template < templates; template++) {
      let sum = 0;
      for (let first = 0; first < bins; first += TILE_BINS) {
        const row = this.position(template, first);
        const count = Math.min(TILE_BINS, bins - first);
        for (let n = 0; n < count; n++) sum += this.packed.values[row + n]!;
      }
      this.columnSums.values[template] = sum > 0 ? sum : 1;
    }
  }

  private setRow(values: Float32Array, template: number): void {
    const { bins } = this.shape;
    const packed = this.packed.values;
    for (let tile = 0; tile < this.tiles; tile++) {
      const first = tile * TILE_BINS;
      const target = (tile * this.templates + template) * TILE_BINS;
      const count = Math.min(TILE_BINS, bins - first);
      for (let n = 0; n < count; n++) {
        const value = values[template * bins + first + n]!;
        if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
          throw new InputError(`templates[${template}][${first + n}] must be finite and not negative, got ${value}`);
        }
        packed[target + n] = value < SMALLEST_TEMPLATE ? 0 : value;
      }
    }
  }

  private position(template: number, bin: number): number {
    return (Math.floor(bin / TILE_BINS) * this.templates + template) * TILE_BINS + (bin % TILE_BINS);
  }
}
