import { expect, it } from 'vitest';
import { CHECKS } from '../../host/lab/validation/allChecks.ts';
import { MUTANTS } from './mutants.ts';
import { describePluginContract } from './pluginContract.ts';

describePluginContract(({ isMeasurement }) => !isMeasurement);

it('every faulty separator belongs to a check', () => {
  expect(CHECKS.map(({ name }) => name)).toEqual(expect.arrayContaining(MUTANTS.map(({ check }) => check)));
});
