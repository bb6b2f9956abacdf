import { InputError } from '../core/errors.ts';
import type { Samples } from '../core/units.ts';
import { Kernel, type KernelArray } from './Kernel.ts';
import type { Address, KernelFunctions } from './KernelFunctions.ts';

const SMALLEST_SIZE = 4;
const LARGEST_SIZE = 65_536;

/**
 * Discrete Fourier transform of real float32 signals of even size with prime factors 2, 3 and 5, computed in the kernel.
 * @thread audio, except the constructor. Allocates nothing.
 */
export class RealFft {
  /** [N] input of `forward`, output of `inverse` */
  readonly samples: Float32Array;
  /** [2 * (N/2 + 1)] interleaved real and imaginary parts: output of `forward`, input of `inverse` */
  readonly spectrum: Float32Array;

  private readonly functions: KernelFunctions;
  private readonly samplesAddress: Address;
  private readonly spectrumAddress: Address;
  private readonly half: number;
  private readonly plan: Address;
  private readonly passes: number;
  private readonly twiddles: KernelArray;
  private readonly turns: KernelArray;
  private readonly work: KernelArray;

  static requiredBytes(sizeSamples: Samples): number {
    const half = sizeSamples / 2;
    const radices = radicesOf(half);
    return (
      Kernel.bytesFor(sizeSamples) +
      Kernel.bytesFor(sizeSamples + 2) +
      Kernel.bytesFor(radices.length) +
      Kernel.bytesFor(twiddleCount(half, radices)) +
      Kernel.bytesFor(2 * half) +
      Kernel.bytesFor(4 * half)
    );
  }

  /** True for even sizes from 4 to 65,536 with no prime factors but 2, 3 and 5. */
  static isSupportedSize(sizeSamples: Samples): boolean {
    if (!Number.isInteger(sizeSamples) || sizeSamples % 2 !== 0) return false;
    if (sizeSamples < SMALLEST_SIZE || sizeSamples > LARGEST_SIZE) return false;
    let rest = sizeSamples;
    for (const prime of [2, 3, 5]) while (rest % prime === 0) rest /= prime;
    return rest === 1;
  }

  /** The supported size nearest to `sizeSamples`; on a tie the smaller one. */
  static nearestSupportedSize(sizeSamples: Samples): Samples {
    const target = Math.min(LARGEST_SIZE, Math.max(SMALLEST_SIZE, Math.round(sizeSamples)));
    for (let distance = 0; ; distance++) {
      if (RealFft.isSupportedSize(target - distance)) return target - distance;
      if (RealFft.isSupportedSize(target + distance)) return target + distance;
    }
  }

  /** @throws InputError for an unsupported size */
  constructor(kernel: Kernel, sizeSamples: Samples) {
    if (!RealFft.isSupportedSize(sizeSamples)) {
      throw new InputError(
        `FFT size must be even with prime factors 2, 3 and 5 only, ${SMALLEST_SIZE} to ${LARGEST_SIZE}, got ${sizeSamples}`,
      );
    }
    const half = sizeSamples / 2;
    const radices = radicesOf(half);
    const samples = kernel.float32(sizeSamples);
    const spectrum = kernel.float32(sizeSamples + 2);
    this.functions = kernel.functions;
    this.samples = samples.values;
    this.samplesAddress = samples.address;
    this.spectrum = spectrum.values;
    this.spectrumAddress = spectrum.address;
    this.half = half;
    this.plan = kernel.uint32(radices);
    this.passes = radices.length;
    this.twiddles = kernel.filled(twiddleCount(half, radices), (values) => writeTwiddles(half, radices, values));
    this.turns = kernel.filled(2 * half, (values) => writeTurns(half, values));
    this.work = kernel.float32(4 * half);
  }

  /** X[k] = sum over n of x[n] e^(-2 pi i k n / N), unnormalised. */
  forward(): void {
    const { samplesAddress, spectrumAddress, half, plan, passes, twiddles, turns, work } = this;
    this.functions.forwardFft(
      samplesAddress,
      spectrumAddress,
      half,
      plan,
      passes,
      twiddles.address,
      turns.address,
      work.address,
    );
  }

  /** Inverse of `forward`, normalised by 1 / N; leaves `spectrum` unchanged. */
  inverse(): void {
    const { samplesAddress, spectrumAddress, half, plan, passes, twiddles, turns, work } = this;
    this.functions.inverseFft(
      samplesAddress,
      spectrumAddress,
      half,
      plan,
      passes,
      twiddles.address,
      turns.address,
      work.address,
    );
  }
}

/** Radices of the passes: fours first, so that all later passes run over whole vectors. */
function radicesOf(half: number): number[] {
  const radices: number[] = [];
  let rest = half;
  for (const radix of [4, 2, 3, 5]) {
    while (rest % radix === 0) {
      radices.push(radix);
      rest /= radix;
    }
  }
  return radices;
}

function twiddleCount(half: number, radices: readonly number[]): number {
  let length = half;
  let count = 0;
  for (const radix of radices) {
    length /= radix;
    count += 2 * (radix - 1) * length;
  }
  return count;
}

/** Turns between the real and the complex transform: cosine, then sine of pi k / half. */
function writeTurns(half: number, values: Float32Array): void {
  for (let k = 0; k < half; k++) {
    values[k] = Math.cos((2 * Math.PI * k) / (2 * half));
    values[half + k] = Math.sin((2 * Math.PI * k) / (2 * half));
  }
}

/** Twiddle factors: for each pass and each output j >= 1 of its butterflies, real, then imaginary parts of e^(-2 pi i k j / length). */
function writeTwiddles(half: number, radices: readonly number[], values: Float32Array): void {
  let length = half;
  let at = 0;
  for (const radix of radices) {
    const groups = length / radix;
    for (let output = 1; output < radix; output++) {
      for (let k = 0; k < groups; k++) {
        const angle = (-2 * Math.PI * ((k * output) % length)) / length;
        values[at + k] = Math.cos(angle);
        values[at + groups + k] = Math.sin(angle);
      }
      at += 2 * groups;
    }
    length = groups;
  }
}
