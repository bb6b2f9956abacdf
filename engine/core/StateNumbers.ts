import { InputError } from './errors.ts';

/** Serialises the state of a processor as a sequence of numbers; the processor reads it back in the same order. Allocates. */
export class StateWriter {
  private readonly numbers: number[] = [];

  add(number: number): void {
    this.numbers.push(number);
  }

  addAll(numbers: ArrayLike<number>): void {
    for (let index = 0; index < numbers.length; index++) this.numbers.push(numbers[index]!);
  }

  /** @returns the numbers as float64, which holds float32 values and 32-bit integers exactly */
  finish(): Float64Array {
    return Float64Array.from(this.numbers);
  }
}

/** Reads a state written by `StateWriter`, in the order of writing. */
export class StateReader {
  private readonly numbers: Float64Array;
  private position = 0;

  constructor(numbers: Float64Array) {
    this.numbers = numbers;
  }

  /** @throws InputError if the state is too short */
  next(): number {
    const number = this.numbers[this.position];
    if (number === undefined) throw wrongLength(this.numbers, `more than ${this.position}`);
    this.position++;
    return number;
  }

  /**
   * An integer in [minimum, maximum]. The range check keeps corrupt buffer positions from being used.
   * @throws InputError if the number is out of range or not an integer
   */
  nextInteger(minimum: number, maximum: number): number {
    const number = this.next();
    if (Number.isInteger(number) && number >= minimum && number <= maximum) return number;
    throw new InputError(
      `state[${this.position - 1}] must be an integer between ${minimum} and ${maximum}, got ${number}`,
    );
  }

  /** Fills `target` with the next numbers. @throws InputError if the state is too short */
  fill(target: Float32Array | Uint8Array): void {
    for (let index = 0; index < target.length; index++) target[index] = this.next();
  }

  /** Must follow the last read. @throws InputError if numbers are left */
  end(): void {
    if (this.position !== this.numbers.length) throw wrongLength(this.numbers, `${this.position}`);
  }
}

function wrongLength(numbers: Float64Array, wanted: string): InputError {
  return new InputError(`state must have ${wanted} numbers, got ${numbers.length}`);
}
