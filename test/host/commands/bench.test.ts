import { expect, test } from 'vitest';
import { runCommand } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();

test('bench refuses a report path that cannot be written, before it measures', async () => {
  const { code, stdout, stderr } = await runCommand(['bench', '--json', '/'], folder);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^error: [^\n]+\n$/);
});
