import type { Samples } from '../../../../engine/core/units.ts';
import type { Outputs } from './TestBench.ts';
import { type Property, Violation } from './Violation.ts';

/** +6 dB. */
const LARGEST_GAIN = 2;
/** Largest rounding error in silence. */
const ROUNDING = 1e-6;
/** Largest rounding error of the sum of up to nine outputs, each through a transform of 16,384 points in single precision. */
const SUM_TOLERANCE = 5e-5;
const STRETCH_SAMPLES: Samples = 256;

/** Requires that no output exceeds twice the input's peak within the last `reachSamples`. @throws Violation */
export function requireLoudness(signal: Float32Array, outputs: Outputs, reachSamples: Samples): void {
  const peaks = peaksOf(signal);
  const reach = Math.ceil(reachSamples / STRETCH_SAMPLES) + 1;
  named(outputs).forEach(([name, output]) => {
    peaksOf(output).forEach((peak, stretch) => {
      const before = peaks.slice(Math.max(0, stretch - reach), stretch + 1);
      const limit = LARGEST_GAIN * Math.max(...before) + ROUNDING;
      if (peak > limit)
        throw new Violation(
          'loudness',
          `${name} reaches ${peak} about sample ${stretch * STRETCH_SAMPLES}, more than +6 dB over the input (${limit})`,
        );
    });
  });
}

/** Requires that speakers and rest sum to the dry signal. @throws Violation */
export function requireSum({ speakers, rest, dry }: Outputs, first: Samples = 0): void {
  for (let n = first; n < dry.length; n++) {
    let sum = rest[n]!;
    for (let s = 0; s < speakers.length; s++) sum += speakers[s]![n]!;
    if (Math.abs(sum - dry[n]!) > SUM_TOLERANCE)
      throw new Violation('sum', `the outputs sum to ${sum} at sample ${n}, where the delayed input is ${dry[n]}`);
  }
}

/** Requires that the dry signal is the input, delayed by `latencySamples`, bit for bit. @throws Violation */
export function requireDelayed(
  property: Property,
  signal: Float32Array,
  { dry }: Outputs,
  latencySamples: Samples,
  first: Samples = 0,
): void {
  for (let n = first; n < dry.length; n++) {
    const expected = n < latencySamples ? 0 : signal[n - latencySamples]!;
    if (dry[n] !== expected)
      throw new Violation(
        property,
        `dry is ${dry[n]} at sample ${n}, where the input ${latencySamples} samples before is ${expected}`,
      );
  }
}

/** Requires that two runs are bit-identical. @throws Violation */
export function requireEqual(property: Property, what: string, one: Outputs, other: Outputs): void {
  const others = named(other);
  named(one).forEach(([name, output], index) => {
    const twin = others[index]![1];
    const at = output.findIndex((sample, n) => sample !== twin[n]);
    if (at >= 0)
      throw new Violation(property, `${what}: ${name} differs at sample ${at}, ${twin[at]} instead of ${output[at]}`);
  });
}

/** Outputs of all speakers, rest and dry signal, with their names. */
export function named({ speakers, rest, dry }: Outputs): [string, Float32Array][] {
  const voices = speakers.map((output, s): [string, Float32Array] => [`speaker ${s + 1}`, output]);
  return [...voices, ['rest', rest], ['dry', dry]];
}

/** Peak magnitude of each section. */
function peaksOf(signal: Float32Array): Float32Array {
  const peaks = new Float32Array(Math.ceil(signal.length / STRETCH_SAMPLES));
  for (let n = 0; n < signal.length; n++) {
    const stretch = Math.floor(n / STRETCH_SAMPLES);
    peaks[stretch] = Math.max(peaks[stretch]!, Math.abs(signal[n]!));
  }
  return peaks;
}
