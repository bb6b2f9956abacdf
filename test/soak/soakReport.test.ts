import { expect, it } from 'vitest';
import { Random } from '../../engine/core/Random.ts';
import { NO_COUNTS } from '../../host/session/liveCounters.ts';
import { MEMORY_SERIES, type Soak, soakMarkdown, soakSvg, verdicts } from './soakReport.ts';

/** One sample per second; a rest of 10 s in every 30 s. */
function soakOf(value: (seconds: number) => number): Soak {
  const samples = Array.from({ length: 600 }, (_, seconds) => ({ seconds, value: value(seconds) }));
  return {
    minutes: 10,
    seed: 1,
    date: '2026-01-01',
    sound: 'nowhere',
    warmUpSeconds: 120,
    rests: Array.from({ length: 20 }, (_, cycle) => [30 * cycle + 20, 30 * cycle + 30] as const),
    series: [{ name: MEMORY_SERIES, unit: 'MB', limitPerHour: 1, samples }],
    actions: { faders: 3 },
    counters: { ...NO_COUNTS, restarts: 1, engineRestarts: 2 },
    delayExcess: { largestSeconds: 0.012, longestSeconds: 1.5, totalSeconds: 4 },
    targetDelaySeconds: 0.04,
    openedFiles: [],
    problems: [],
  };
}

it('slopes are computed from the rests after the warm-up only', () => {
  const busy = (seconds: number) => (seconds % 30 < 20 ? 500 : 0);
  const [verdict] = verdicts(soakOf((seconds) => (seconds < 120 ? 0 : 50 + seconds / 360) + busy(seconds)));
  expect(verdict!.slope.perHour).toBeCloseTo(10, 1);
  expect(verdict!.hasGrown).toBe(true);
});

it('noise does not count as growth; a slope that exceeds it does', () => {
  const random = new Random(1);
  const noise = () => random.between(-1, 1);
  expect(verdicts(soakOf(() => 50 + noise()))[0]!.hasGrown).toBe(false);
  expect(verdicts(soakOf((seconds) => 50 + seconds / 60 + noise()))[0]!.hasGrown).toBe(true);
});

it('the report states memory slope, delay over target and restarts', () => {
  const text = soakMarkdown(soakOf((seconds) => 50 + seconds / 360));
  expect(text).toMatch(/^\| memory slope \| 10\.0 ± 0\.\d+ MB\/h \|$/m);
  expect(text).toContain('12 ms, for at most 1.50 s at a time, 4.00 s in all');
  expect(text).toContain('| restarts that nobody caused | 2 of the engine, 1 of the devices |');
});

it('a run with fewer than three rests after the warm-up has no slope and no verdict', () => {
  const soak = soakOf((seconds) => seconds);
  const text = soakMarkdown({ ...soak, rests: soak.rests.slice(0, 6) });
  expect(text).toContain('| memory slope | run too short |');
  expect(text).not.toMatch(/grow/);
});

it('the report names files that were opened and not closed', () => {
  const soak = soakOf(() => 1);
  expect(soakMarkdown(soak)).not.toContain('Open in the last rest');
  const text = soakMarkdown({ ...soak, openedFiles: ['2 socket', '1 /tmp/take.wav'] });
  expect(text).toContain('Open in the last rest and not in the first: 2 socket, 1 /tmp/take.wav.');
});

it('the report marks the series that grow', () => {
  expect(soakMarkdown(soakOf((seconds) => seconds))).toContain('**grows**');
  expect(soakMarkdown(soakOf(() => 1))).toContain('| no growth |');
  expect(soakSvg(soakOf(() => 1))).toContain('<svg');
});
