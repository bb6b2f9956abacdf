import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { STAGES } from '../../../engine/separator/StageProbe.ts';
import type { BenchReport } from '../../../host/lab/bench/benchReport.ts';
import { spawnCommand } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();

test('bench prints the real-time factor, each goal with its verdict, and writes the same as JSON', async () => {
  const { code, stdout, stderr } = await spawnCommand(['bench', '--json', 'bench.json'], folder);
  expect([code, stderr]).toEqual([0, '']);
  const report = JSON.parse(readFileSync(join(folder, 'bench.json'), 'utf8')) as BenchReport;
  const [usual] = report.separator;
  expect(usual).toMatchObject({ speakers: 2, templates: 384, latency: 'monitor', sampleRateHertz: 48_000 });
  expect(usual).toMatchObject({ voices: 'bundled, adapted', signal: 'demo mixture' });
  expect(report.separator.map(({ speakers }) => speakers)).toEqual([2, 2, 2, 2, 2, 2, 4, 8]);
  const { realTimeFactor } = usual!;
  expect(realTimeFactor).toBeGreaterThan(1);
  expect(stdout).toMatch(`The separator runs ${realTimeFactor.toFixed(1)} times faster than real time on one core`);
  expect(stdout.match(/ (reached|missed|not measured)$/gm)).toHaveLength(report.goals.length);
  const { stages, whole } = report.stages;
  // The default speaker set has no background.
  expect(Object.keys(stages)).toEqual(STAGES.filter((stage) => stage !== 'background'));
  expect(stdout).toMatch(/^mask network +\d+ +\d+ +\d+ %$/m);
  const sum = Object.values(stages).reduce((total, { p50 }) => total + p50, 0);
  expect(sum / whole.p50).toBeGreaterThan(0.7);
  expect(sum / whole.p50).toBeLessThan(1.1);
  expect(report.kernel.solver.map(({ bins }) => bins)).toContain(1025);
  expect(report.kernel.iterations).toHaveLength(2);
}, 300_000);
