export interface Contestant {
  /** Does the work once. */
  readonly run: () => void;
}

const WARM_UP_ROUNDS = 3;

/**
 * Times contestants in turn, round after round, so that a slower phase of the machine affects all of them. Only ratios within one
 * call are comparable. Counts processor time, since other programs would lengthen the wall-clock time of long runs more than that of
 * short ones. Unmeasured rounds at the start let the compiler finish.
 * @returns median processor time of each contestant in milliseconds
 */
export function interleavedMedians<Name extends string>(
  contestants: Readonly<Record<Name, Contestant>>,
  rounds: number,
): Record<Name, number> {
  const names = Object.keys(contestants) as Name[];
  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const name of names) {
      const start = process.cpuUsage();
      contestants[name].run();
      const { user, system } = process.cpuUsage(start);
      if (round >= 0) times.get(name)!.push((user + system) / 1000);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name)!)])) as Record<Name, number>;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** @param share 0 to 1 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
