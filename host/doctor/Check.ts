/** What a check has found. */
export interface Finding {
  readonly isOk: boolean;
  /** One line, such as a version, a path or the reason of a failure. */
  readonly found: string;
  /** What the user can do; null: nothing needs to be done. */
  readonly remedy: string | null;
}

/** One part of the installation or the machine that can be tested by itself. */
export interface Check {
  /** A word or two for the first column of the report. */
  readonly name: string;
  /** Whether the program cannot be used without it, as opposed to a part of its functions. */
  readonly isNeeded: boolean;
  readonly deadlineMilliseconds: number;
  /** @param signal aborted at the deadline, and by the user @throws Error whose message then is what was found */
  find(signal: AbortSignal): Promise<Finding>;
}

export interface CheckResult {
  readonly name: string;
  /** `note`: only a part of the functions is affected. */
  readonly status: 'ok' | 'note' | 'problem';
  readonly found: string;
  readonly remedy: string | null;
}

/**
 * Runs all checks at once. A check that fails, or misses its deadline, does not affect the others.
 * @param signal ends all checks
 * @returns the results, in the order of the checks
 */
export function runChecks(checks: readonly Check[], signal: AbortSignal): Promise<CheckResult[]> {
  return Promise.all(
    checks.map(async (check) => {
      const { isOk, found, remedy } = await findInTime(check, signal);
      return { name: check.name, status: isOk ? 'ok' : check.isNeeded ? 'problem' : 'note', found, remedy } as const;
    }),
  );
}

/** Never rejects. */
async function findInTime(check: Check, signal: AbortSignal): Promise<Finding> {
  const deadline = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => {
      const seconds = check.deadlineMilliseconds / 1000;
      resolve({
        isOk: false,
        found: `no answer within ${seconds} s`,
        remedy: 'try again when the machine is less busy',
      });
      deadline.abort();
    }, check.deadlineMilliseconds);
  });
  try {
    return await Promise.race([check.find(AbortSignal.any([signal, deadline.signal])), late]);
  } catch (error) {
    return { isOk: false, found: error instanceof Error ? error.message : String(error), remedy: null };
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}
