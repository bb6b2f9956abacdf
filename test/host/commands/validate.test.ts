import { expect, test } from 'vitest';
import type { ValidationReport } from '../../../host/lab/validation/validate.ts';
import { runCommand } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();

test('validate reports each check, as text and as JSON', async () => {
  const words = ['validate', '--strictness', '1', '--seed', '7', '--check', 'latency,blocks'];
  const { code, stdout, stderr } = await runCommand(words, folder);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^strictness 1, seed 7, [\w-]+ kernel\nok {4} blocks .*\nok {4} latency .*\npassed\n$/);
  const report = JSON.parse((await runCommand([...words, '--json'], folder)).stdout) as ValidationReport;
  expect(report.isPassed).toBe(true);
  expect(report.checks.map(({ name, cases }) => [name, cases])).toEqual([
    ['blocks', 4],
    ['latency', 4],
  ]);
});

test('validate refuses an unknown check', async () => {
  const { code, stderr } = await runCommand(['validate', '--check', 'beauty'], folder);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: --check must be one or more of blocks, .*, swap-time, got "beauty"\n$/);
});
