import type { Hertz } from '../core/units.ts';

/**
 * Tells from one frame's spectrum, and from what the templates make of it, how much of each band belongs to each of the speakers loaded
 * together: one hidden layer, then a softmax over the speakers in every band. Bands are fixed in hertz, so it holds at any window and
 * sample rate.
 */
export interface MaskNetwork {
  readonly bandwidthHertz: Hertz;
  readonly speakers: number;
  /** Who had the most of the last moments has more of the next frame: a bin's odds are multiplied by those of the past to this power, 0 to 1. */
  readonly persistence: number;
  /** [inputs + 1 x HIDDEN_UNITS] row-major: input bands, the models' shares as `ModelShares` has them, a row for the biases */
  readonly first: Float32Array;
  /** [HIDDEN_UNITS + 1 x output bands * speakers], the last row for the biases; speaker after speaker */
  readonly second: Float32Array;
}

export const HIDDEN_UNITS = 256;
/** What is looked at, and what is told: bands at least so wide, or this part of their frequency. */
const INPUT_SPACING = { hertz: 31.25, relative: 0.03 } as const;
const OUTPUT_SPACING = { hertz: 62.5, relative: 0.1 } as const;
/** A band's power relative to the mean of all, under which it is taken for silent. */
const FEATURE_FLOOR = 1e-4;

/** Edges of bands, in hertz, from 0 up. */
export function inputEdges(bandwidthHertz: Hertz): Float64Array {
  return edges(bandwidthHertz, INPUT_SPACING);
}

export function outputEdges(bandwidthHertz: Hertz): Float64Array {
  return edges(bandwidthHertz, OUTPUT_SPACING);
}

/** How many weights a network has. */
export function networkSizes(
  bandwidthHertz: Hertz,
  speakers: number,
): { readonly first: number; readonly second: number } {
  const outputs = (outputEdges(bandwidthHertz).length - 1) * speakers;
  return {
    first: (inputEdges(bandwidthHertz).length - 1 + outputs + 1) * HIDDEN_UNITS,
    second: (HIDDEN_UNITS + 1) * outputs,
  };
}

/** @returns [bins] which band each bin lies in; the last one also holds what is above */
export function bandsOfBins(edgesHertz: Float64Array, bins: number, binHertz: Hertz): Int32Array {
  let band = 0;
  return Int32Array.from({ length: bins }, (_, bin) => {
    while (band < edgesHertz.length - 2 && bin * binHertz >= edgesHertz[band + 1]! - 1e-6) band++;
    return band;
  });
}

/** Turns a spectrum into what the network looks at. Allocates nothing after construction. */
export class BandFeatures {
  readonly count: number;
  /** [bands + 1] first bin of each band; bands narrower than a bin share one */
  private readonly firstBins: Int32Array;
  private readonly endBins: Int32Array;

  constructor(bandwidthHertz: Hertz, bins: number, binHertz: Hertz) {
    const edgesHertz = inputEdges(bandwidthHertz);
    this.count = edgesHertz.length - 1;
    const clamped = (bin: number) => Math.min(bins - 1, Math.max(0, bin));
    this.firstBins = new Int32Array(this.count);
    this.endBins = new Int32Array(this.count);
    for (let band = 0; band < this.count; band++) {
      const first = Math.ceil(edgesHertz[band]! / binHertz - 1e-6);
      const end = Math.ceil(edgesHertz[band + 1]! / binHertz - 1e-6);
      const middle = Math.round((edgesHertz[band]! + edgesHertz[band + 1]!) / (2 * binHertz));
      this.firstBins[band] = clamped(end > first ? first : middle);
      this.endBins[band] = Math.max(this.firstBins[band]! + 1, Math.min(bins, end));
    }
  }

  /** @param powers |X|^2, at any level, `bins` of them from `offset` on @param result [count], about -2 to 3 */
  write(powers: Float32Array, offset: number, result: Float32Array): void {
    let total = 0;
    for (let band = 0; band < this.count; band++) {
      const first = this.firstBins[band]!;
      const end = this.endBins[band]!;
      let power = 0;
      for (let bin = first; bin < end; bin++) power += powers[offset + bin]!;
      result[band] = power / (end - first);
      total += result[band]!;
    }
    const mean = Math.max(1e-30, total / this.count);
    for (let band = 0; band < this.count; band++) result[band] = Math.log(result[band]! / mean + FEATURE_FLOOR) / 3 + 1;
  }
}

function edges(bandwidthHertz: Hertz, { hertz, relative }: { readonly hertz: Hertz; readonly relative: number }) {
  const result = [0];
  while (result.at(-1)! < bandwidthHertz) {
    const last = result.at(-1)!;
    result.push(Math.min(bandwidthHertz, last + Math.max(hertz, relative * last)));
  }
  return Float64Array.from(result);
}
