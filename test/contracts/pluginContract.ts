import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../host/lab/validation/allChecks.ts';
import type { Check } from '../../host/lab/validation/harness/Check.ts';
import { validate } from '../../host/lab/validation/validate.ts';
import { MUTANTS } from './mutants.ts';

/** Any seed must pass; a fixed one makes the test reproducible. `unmingle validate` draws random ones. */
const SEED = 1;

/** Defines tests: the separator passes these checks, and a faulty one fails them. */
export function describePluginContract(isIncluded: (check: Check) => boolean): void {
  const included = CHECKS.filter(isIncluded);

  describe('the separator fulfils the plugin contract', () => {
    it.each(included.map((check) => [check.name, check] as const))(
      '%s',
      async (_, check) => {
        const { checks } = await validate({ strictness: 1, seed: SEED, checks: [check] });
        expect(checks[0]!.failure).toBeNull();
        expect(checks[0]!.cases).toBe(check.isMeasurement ? 1 : 4);
        // Hundreds of swaps take two minutes on a busy machine.
      },
      180_000,
    );
  });

  const mutants = MUTANTS.filter(({ check }) => included.some(({ name }) => name === check));
  describe('the suite finds a separator that', () => {
    it.each(mutants.map((mutant) => [mutant.fault, mutant] as const))('%s', async (_, { check, property, create }) => {
      const checks = included.filter(({ name }) => name === check);
      const report = await validate({ strictness: 2, seed: SEED, checks, create });
      const failure = report.checks[0]!.failure;
      expect(report.isPassed).toBe(false);
      expect(failure?.property, failure?.message).toBe(property);
      expect(failure?.command).toBe(`unmingle validate --strictness 2 --seed ${failure!.seed} --check ${check}`);
      if (checks[0]!.isMeasurement) return;
      // The reported command reproduces the failure in its first case.
      const again = await validate({ strictness: 2, seed: failure!.seed, checks, create });
      expect(again.checks[0]!.cases).toBe(1);
      expect(again.checks[0]!.failure).toEqual(failure);
    });
  });
}
