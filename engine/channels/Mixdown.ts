/**
 * Factors on the channels, whose sum is the mono signal; null: the mean of all channels. Weights for another number of channels than a
 * block has count as null.
 */
export type Mixdown = readonly number[] | null;

/** @returns [channels] equal weights for the first `used` channels, and 0 for the others */
export function meanWeights(channels: number, used = channels): number[] {
  return Array.from({ length: channels }, (_, channel) => (channel < used ? 1 / used : 0));
}

/** @returns [channels] weights that select one channel @param channel from 0 */
export function oneWeight(channels: number, channel: number): number[] {
  return Array.from({ length: channels }, (_, index) => (index === channel ? 1 : 0));
}

/**
 * @param channels at least one, all of the same length
 * @returns one channel; with one channel and no weights, that channel itself
 */
export function mixDown(channels: readonly Float32Array[], mixdown: Mixdown): Float32Array {
  const [first = new Float32Array(0)] = channels;
  if (mixdown === null || mixdown.length !== channels.length) return meanOf(channels);
  const mono = new Float32Array(first.length);
  channels.forEach((channel, index) => {
    const weight = mixdown[index]!;
    if (weight !== 0) for (let n = 0; n < mono.length; n++) mono[n]! += weight * channel[n]!;
  });
  return mono;
}

/** Summed before it is divided, so that a sum of integer signals stays exact. */
function meanOf(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0), ...others] = channels;
  if (others.length === 0) return first;
  const mono = new Float32Array(first.length);
  for (let n = 0; n < first.length; n++) {
    let sum = first[n]!;
    for (const other of others) sum += other[n]!;
    mono[n] = sum / channels.length;
  }
  return mono;
}
