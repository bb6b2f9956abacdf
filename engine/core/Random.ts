import { InputError } from './errors.ts';

/**
 * Seeded pseudo-random number generator with the same sequence on every machine: mulberry32 (Tommy Ettinger, public domain design), 32
 * bits of state. For initial values and jitter; not for cryptography.
 */
export class Random {
  private state: number;

  /** @param seed any integer; taken modulo 2^32 */
  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** Uniform in [minimum, maximum). */
  between(minimum: number, maximum: number): number {
    return minimum + (maximum - minimum) * this.uniform();
  }

  /** Uniform integer in [0, count). */
  integer(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** One of the elements, each with the same probability. @throws InputError if there are none */
  element<T>(elements: readonly T[]): T {
    const element = elements[this.integer(elements.length)];
    if (element === undefined) throw new InputError('elements must contain at least one element, got 0');
    return element;
  }

  /** Draws `count` distinct integers from [0, population), in random order (partial Fisher-Yates shuffle). */
  sample(population: number, count: number): number[] {
    const indices = Array.from({ length: population }, (_, index) => index);
    for (let position = 0; position < count; position++) {
      const other = position + this.integer(population - position);
      const swapped = indices[position]!;
      indices[position] = indices[other]!;
      indices[other] = swapped;
    }
    return indices.slice(0, count);
  }
}
