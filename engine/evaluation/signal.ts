import { InputError } from '../core/errors.ts';

/** Samples of one mono source, at any linear scale. The metrics compute in float64 for both types. */
export type Signal = Float32Array | Float64Array;

/** Sum of the squared samples. */
export function energyOf(signal: Signal): number {
  let energy = 0;
  for (let n = 0; n < signal.length; n++) energy += signal[n]! ** 2;
  return energy;
}

/** @throws InputError if the signal is empty or silent, or contains a sample that is not finite */
export function requireSound(name: string, signal: Signal): void {
  if (signal.length === 0) throw new InputError(`${name} must contain at least one sample, got 0`);
  const energy = energyOf(signal);
  if (energy === 0) throw new InputError(`${name} must not be silent: all ${signal.length} samples are 0`);
  if (Number.isFinite(energy)) return;
  const broken = signal.findIndex((sample) => !Number.isFinite(sample));
  if (broken >= 0)
    throw new InputError(`${name} must contain finite samples, got ${signal[broken]} at sample ${broken}`);
  throw new InputError(`${name} must have a finite energy: its samples are too large`);
}

/** @throws InputError if the lengths differ */
export function requireSameLength(name: string, signal: Signal, otherName: string, other: Signal): void {
  if (signal.length === other.length) return;
  throw new InputError(`${name} must be as long as ${otherName}, ${other.length} samples, got ${signal.length}`);
}
