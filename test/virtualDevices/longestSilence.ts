/** Longest run of zeros after the first sound, in seconds: an output that nothing feeds is exactly zero. */
export function longestSilenceSeconds(signal: Float32Array, rateHertz: number): number {
  let longest = 0;
  let run = 0;
  const first = signal.findIndex((sample) => sample !== 0);
  for (let n = Math.max(0, first); n < signal.length; n++) {
    run = signal[n] === 0 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest / rateHertz;
}
