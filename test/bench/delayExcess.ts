export interface DelayPoint {
  readonly seconds: number;
  /** null where the delay is unknown. */
  readonly delaySeconds: number | null;
}

/** Delay above its target plus a block: queues that grow, as opposed to the jitter of blocks. */
export interface DelayExcess {
  /** Largest delay above the target, 0 if it never exceeded the target by more than a block. */
  readonly largestSeconds: number;
  /** Longest time without a point at or below the target plus a block. */
  readonly longestSeconds: number;
  readonly totalSeconds: number;
}

/** Duration of a device block. */
export const BLOCK_SECONDS = 0.004;
/** Uncertainty of a measured delay. */
const TOLERANCE_SECONDS = 0.5e-3;

/**
 * @param points in order of time; one with an unknown delay ends an excess
 * @param stepSeconds time that a point stands for
 */
export function delayExcess(points: readonly DelayPoint[], targetSeconds: number, stepSeconds: number): DelayExcess {
  let largestSeconds = 0;
  let longestSeconds = 0;
  let totalSeconds = 0;
  let currentSeconds = 0;
  for (const { delaySeconds } of points) {
    const overSeconds = delaySeconds === null ? 0 : delaySeconds - targetSeconds;
    if (overSeconds <= BLOCK_SECONDS + TOLERANCE_SECONDS) {
      currentSeconds = 0;
      continue;
    }
    currentSeconds += stepSeconds;
    totalSeconds += stepSeconds;
    longestSeconds = Math.max(longestSeconds, currentSeconds);
    largestSeconds = Math.max(largestSeconds, overSeconds);
  }
  return { largestSeconds, longestSeconds, totalSeconds };
}

/** @returns the excess in words: "14 ms, for at most 0.3 s at a time, 0.4 s in all" */
export function excessText({ largestSeconds, longestSeconds, totalSeconds }: DelayExcess): string {
  if (totalSeconds === 0) return 'none';
  return `${(1000 * largestSeconds).toFixed(0)} ms, for at most ${longestSeconds.toFixed(2)} s at a time, ${totalSeconds.toFixed(2)} s in all`;
}
