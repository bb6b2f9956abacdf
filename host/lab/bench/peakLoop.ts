import { decodeBase64 } from '../../../engine/core/base64.ts';
import { InputError } from '../../../engine/core/errors.ts';
import { peakRelaxedSimdBase64 } from '../../../engine/kernel/generated/peakRelaxedSimd.ts';
import { peakSimdBase64 } from '../../../engine/kernel/generated/peakSimd.ts';
import { Kernel, type KernelVariant } from '../../../engine/kernel/Kernel.ts';

/** Floating-point operations per round of the peak loop: 12 chains of four multiplications and additions. */
export const PEAK_LOOP_OPERATIONS = 12 * 4 * 2;

/**
 * Loads a loop of multiplications and additions without memory access, built by the kernel's compiler: the upper limit of a kernel's
 * speed. Not part of the kernel's binary.
 * @returns function that runs the given number of rounds, of `PEAK_LOOP_OPERATIONS` each
 * @throws InputError for JavaScript and for a variant that this machine does not support
 */
export function createPeakLoop(variant: KernelVariant): (rounds: number) => number {
  if (variant === 'javascript' || !Kernel.runs(variant))
    throw new InputError(`no peak loop for kernel variant "${variant}"`);
  const module = new WebAssembly.Module(decodeBase64(variant === 'simd' ? peakSimdBase64 : peakRelaxedSimdBase64));
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return exports.multiplyAddPeak as (rounds: number) => number;
}
