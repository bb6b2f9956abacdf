import { InputError } from '../core/errors.ts';
import { Kernel, type KernelArray } from './Kernel.ts';
import { TILE_BINS } from './KernelFunctions.ts';

/** Templates come in fours, so that what belongs to them fills vectors. */
const TEMPLATE_MULTIPLE = 4;
/** Smaller values become zero: products with them would be denormal numbers, 30 times as slow. */
const SMALLEST_TEMPLATE = 1e-12;

export interface TemplateShape {
  readonly bins: number;
  readonly templates: number;
}

/** Bins and templates rounded up to whole tiles and vectors; what is added is zero and changes nothing. */
export function paddedShape({ bins, templates }: TemplateShape): { tiles: number; templates: number } {
  return {
    tiles: Math.ceil(bins / TILE_BINS),
    templates: Math.ceil(templates / TEMPLATE_MULTIPLE) * TEMPLATE_MULTIPLE,
  };
}

/**
 * A matrix of templates in the kernel's order, [tile][template][24 bins]: with it the model of 24 bins stays in registers while all
 * templates pass by, and needs no sum across a vector.
 */
export class PackedTemplates {
  readonly tiles: number;
  /** Padded number of templates. */
  readonly templates: number;
  readonly packed: KernelArray;
  /** [templates] sum over bins of each template; 1 for a silent one, so that it can be divided by. */
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
    this.columnSums = kernel.float32(templates);
    this.columnSums.values.fill(1);
  }

  /**
   * @param values [templates x bins] row-major, finite and >= 0
   * @throws InputError naming the first value that is not
   */
  set(values: Float32Array): void {
    const { bins, templates } = this.shape;
    if (values.length !== bins * templates) {
      throw new InputError(`templates must be ${templates} x ${bins} values, got ${values.length}`);
    }
    for (let template = 0; template < templates; template++) this.setRow(values, template);
    this.sumColumns();
  }

  /** Of any sign, unchecked, and without column sums: for products only. @param values [templates x bins] row-major, finite */
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

  /** @param values [templates x bins] row-major, overwritten */
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

  /** Brings `columnSums` up to date with the packed values. */
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

  /** Tile by tile: presets are swapped while sound goes through. */
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
