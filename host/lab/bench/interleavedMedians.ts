export interface Contestant {
  /** Does the work once. */
  readonly run: () => void;
}

const WARM_UP_ROUNDS = 3;

/**
 * Times contestants in turn, round after round, so that a machine that slows down slows all of them down: only ratios of one call
 * can be compared. Counts processor time, because a program beside this one would stretch long runs more than short ones on the
 * clock. Rounds before the first measured one let the compiler finish.
 * @returns median milliseconds of processor time of each
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
