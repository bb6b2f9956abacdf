import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { spawnCommand } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();

test('the built program separates the demo by at least 7 dB and prints nothing but its JSON report', async () => {
  const { code, stdout, stderr } = await spawnCommand(['demo', '--json'], folder);
  expect([code, stderr]).toEqual([0, '']);
  const report = JSON.parse(stdout) as { sources: { metrics: { siSdrDecibels: number } }[] };
  for (const { metrics } of report.sources) expect(metrics.siSdrDecibels).toBeGreaterThan(7);
  expect(readdirSync(join(folder, 'unmingle-demo')).sort()).toEqual([
    'rest.wav',
    'synthetic-female.wav',
    'synthetic-male.wav',
  ]);
});
