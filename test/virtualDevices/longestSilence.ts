/** Longest run of exact silence after the first sound, in seconds: zeros are what a loudspeaker gets from nobody. */
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
