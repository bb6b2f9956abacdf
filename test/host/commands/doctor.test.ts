import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

test('doctor prints the result of each check in 80 columns, and exits with 1 if one that is needed fails', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const { code, stdout, stderr } = await runCommand(['doctor'], folder, { UNMINGLE_PRESETS: file });
  expect([code, stderr]).toEqual([1, 'error: problems found: presets\n']);
  expect(stdout).toMatch(/^ok +Node\.js +\d+\./m);
  expect(stdout).toMatch(/^(ok|note) +devices /m);
  expect(stdout).toMatch(/^problem +presets +cannot write into /m);
  expect(stdout).toMatch(/-> set UNMINGLE_PRESETS to another folder$/m);
  expect(stdout.split('\n').filter((line) => line.length > 80 && !line.includes(folder))).toEqual([]);
});
