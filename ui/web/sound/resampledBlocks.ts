import type { Hertz, Samples } from '../../../engine/core/units.ts';
import { polyphaseResample } from '../../../engine/evaluation/polyphaseResample.ts';

/** Input before and after a piece that its output depends on: more than the filter's half length, 37 samples of the lower rate. */
const REACH: Samples = 256;
/** Resampled at once. */
const PIECE_SAMPLES: Samples = 96_000;

/**
 * Changes the sample rate of a signal for analysis, piece by piece.
 * @param blocks of the signal in order
 * @returns blocks at `toHertz`, together as `polyphaseResample` of the whole signal
 */
export async function* resampledBlocks(
  blocks: AsyncIterable<Float32Array<ArrayBuffer>>,
  fromHertz: Hertz,
  toHertz: Hertz,
): AsyncGenerator<Float32Array<ArrayBuffer>> {
  if (fromHertz === toHertz) {
    yield* blocks;
    return;
  }
  const divisor = greatestCommonDivisor(fromHertz, toHertz);
  const [up, down] = [toHertz / divisor, fromHertz / divisor];
  // Whole multiples of `down`, so that each piece begins at a sample of the output.
  const reach = down * Math.ceil((REACH * Math.max(1, down / up)) / down);
  const piece = down * Math.ceil(PIECE_SAMPLES / down);
  let held = new Float32Array(0);
  /** Samples of `held` before the next piece. */
  let before = 0;
  const resample = (samples: Samples, end: Samples) => {
    const output = polyphaseResample(held.subarray(0, end), up, down);
    return Float32Array.from(output.subarray((before / down) * up, Math.ceil(((before + samples) * up) / down)));
  };
  for await (const block of blocks) {
    held = joined(held, block);
    while (held.length >= before + piece + reach) {
      yield resample(piece, before + piece + reach);
      const start = before + piece - reach;
      held = held.slice(Math.max(0, start));
      before = Math.min(before + piece, reach);
    }
  }
  if (held.length > before) yield resample(held.length - before, held.length);
}

/** @returns the whole signal at another rate @param samples mono */
export function resampledForAnalysis(samples: Float32Array, fromHertz: Hertz, toHertz: Hertz): Float32Array {
  return fromHertz === toHertz ? samples : Float32Array.from(polyphaseResample(samples, toHertz, fromHertz));
}

function joined(one: Float32Array<ArrayBuffer>, other: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const both = new Float32Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
