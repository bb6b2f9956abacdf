import { InputError } from './errors.ts';

/** Collects the numbers that a processor remembers, in an order that only its own `StateReader` side knows. Allocates. */
export class StateWriter {
  private readonly numbers: number[] = [];

  add(number: number): void {
    this.numbers.push(number);
  }

  addAll(numbers: ArrayLike<number>): void {
    for (let index = 0; index < numbers.length; index++) this.numbers.push(numbers[index]!);
  }

  /** Float32 and integers alike are exact in it. */
  finish(): Float64Array {
    return Float64Array.from(this.numbers);
  }
}

/** Gives back, in the same order, what a `StateWriter` has collected. */
export class StateReader {
  private readonly numbers: Float64Array;
  private position = 0;

  constructor(numbers: Float64Array) {
    this.numbers = numbers;
  }

  /** @throws InputError where the state is too short */
  next(): number {
    if (this.position >= this.numbers.length) throw wrongLength(this.numbers, `more than ${this.position}`);
    return this.numbers[this.position++]!;
  }

  /** An integer in [minimum, maximum]: positions in memory are checked before anybody follows them. @throws InputError */
  nextInteger(minimum: number, maximum: number): number {
    const number = this.next();
    if (Number.isInteger(number) && number >= minimum && number <= maximum) return number;
    throw new InputError(
      `state[${this.position - 1}] must be an integer between ${minimum} and ${maximum}, got ${number}`,
    );
  }

  /** Fills `target`. @throws InputError where the state is too short */
  fill(target: Float32Array | Uint8Array): void {
    for (let index = 0; index < target.length; index++) target[index] = this.next();
  }

  /** @throws InputError where the state is longer than what was read */
  end(): void {
    if (this.position !== this.numbers.length) throw wrongLength(this.numbers, `${this.position}`);
  }
}

function wrongLength(numbers: Float64Array, wanted: string): InputError {
  return new InputError(`state must have ${wanted} numbers, got ${numbers.length}`);
}
