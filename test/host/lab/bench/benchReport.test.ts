import { expect, it } from 'vitest';
import { STAGES } from '../../../../engine/separator/StageProbe.ts';
import { loadBenchCases } from '../../../../host/lab/bench/benchCases.ts';
import { benchGoals } from '../../../../host/lab/bench/benchGoals.ts';
import type { BenchMachine } from '../../../../host/lab/bench/benchReport.ts';
import { benchText } from '../../../../host/lab/bench/benchText.ts';
import { measureSeparator } from '../../../../host/lab/bench/separatorBench.ts';
import { measureStages } from '../../../../host/lab/bench/stageTimings.ts';
import { KERNEL_TIMINGS } from './kernelTimings.ts';

/** The other cases, and the comparison of the kernel with other implementations, take a minute: at night. */
it('a report of the default voices has the real-time factor, each goal with its verdict, and the stages of a hop', async () => {
  const cases = await loadBenchCases();
  expect(cases.map(({ speakerSet }) => speakerSet.speakers.length)).toEqual([2, 2, 2, 2, 2, 2, 4, 8]);
  const separator = await measureSeparator(cases.slice(0, 1), () => {});
  const [usual] = separator;
  expect(usual).toMatchObject({ speakers: 2, templates: 384, latency: 'monitor', sampleRateHertz: 48_000 });
  expect(usual).toMatchObject({ voices: 'bundled, adapted', signal: 'demo mixture' });
  const { realTimeFactor } = usual!;
  expect(realTimeFactor).toBeGreaterThan(1);

  const measuredStages = measureStages(cases[0]!);
  const { stages, whole } = measuredStages;
  // The default speaker set has no background.
  expect(Object.keys(stages)).toEqual(STAGES.filter((stage) => stage !== 'background'));
  const sum = Object.values(stages).reduce((total, { p50 }) => total + p50, 0);
  expect(sum / whole.p50).toBeGreaterThan(0.7);
  expect(sum / whole.p50).toBeLessThan(1.1);

  const goals = benchGoals(separator, KERNEL_TIMINGS);
  const machine: BenchMachine = {
    processor: 'a processor',
    cores: 2,
    load: 1,
    platform: 'linux x64',
    node: 'v20',
    kernel: 'simd',
  };
  const text = benchText({
    machine,
    goals,
    separator,
    stages: measuredStages,
    kernel: KERNEL_TIMINGS,
    seconds: 60,
  });
  expect(text).toMatch(`The separator runs ${realTimeFactor.toFixed(1)} times faster than real time on one core`);
  expect(text.match(/ (reached|missed|not measured)$/gm)).toHaveLength(goals.length);
  expect(text).toMatch(/^mask network +\d+ +\d+ +\d+ %$/m);
}, 120_000);
