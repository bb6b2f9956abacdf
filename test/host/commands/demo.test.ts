import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();

test('the demo separates its two voices by at least 7 dB', async () => {
  const { code, stdout, stderr } = await runCommand(['demo', '--json'], folder);
  expect([code, stderr]).toEqual([0, '']);
  const report = JSON.parse(stdout) as { sources: { metrics: { siSdrDecibels: number } }[] };
  for (const { metrics } of report.sources) expect(metrics.siSdrDecibels).toBeGreaterThan(7);
  expect(readdirSync(join(folder, 'unmingle-demo')).sort()).toEqual([
    'rest.wav',
    'synthetic-female.wav',
    'synthetic-male.wav',
  ]);
});
