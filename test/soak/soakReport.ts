import { line, ruleX } from '@observablehq/plot';
import { stackedSvg } from '../../host/lab/experiments/stackedSvg.ts';
import type { LiveCounters } from '../../host/protocol/LiveState.ts';
import { type DelayExcess, excessText } from '../bench/delayExcess.ts';
import { roundText, type Slope, slopeOf, slopeText } from './slope.ts';

/** Name of the series whose slope is the memory slope. */
export const MEMORY_SERIES = 'objects and buffers';

export interface SoakSample {
  readonly seconds: number;
  readonly value: number;
}

export interface SoakSeries {
  readonly name: string;
  readonly unit: string;
  /** Largest allowed slope, in units per hour; null: reported without a limit. */
  readonly limitPerHour: number | null;
  readonly samples: readonly SoakSample[];
}

export interface Soak {
  readonly minutes: number;
  readonly seed: number;
  readonly date: string;
  readonly sound: string;
  readonly warmUpSeconds: number;
  /** Periods [from, to] in seconds in which the user rested with the settings of the start. */
  readonly rests: readonly (readonly [number, number])[];
  readonly series: readonly SoakSeries[];
  readonly actions: Readonly<Record<string, number>>;
  readonly counters: LiveCounters;
  /** Of the queues and devices, as the program reports it. */
  readonly delayExcess: DelayExcess;
  /** Median of the delay of queues and devices. */
  readonly targetDelaySeconds: number;
  /** What is open in the last rest beyond that of the first, as "2 socket". */
  readonly openedFiles: readonly string[];
  readonly problems: readonly string[];
}

export interface SeriesVerdict extends SoakSeries {
  readonly slope: Slope;
  readonly first: number;
  readonly last: number;
  /** Whether the slope exceeds the limit by more than the noise can explain. */
  readonly hasGrown: boolean;
}

/** Slopes over the medians of the rests after the warm-up. */
export function verdicts({ series, warmUpSeconds, rests }: Soak): SeriesVerdict[] {
  return series.map((each) => {
    const after = rests.flatMap(([from, to]) => {
      const values = each.samples.filter(({ seconds }) => seconds >= from && seconds <= to).map(({ value }) => value);
      if (from < warmUpSeconds || values.length === 0) return [];
      return [{ seconds: from, value: medianOf(values) }];
    });
    const slope = slopeOf(after.map(({ seconds, value }) => [seconds, value] as const));
    const hasGrown = each.limitPerHour !== null && slope.perHour - slope.uncertainty > each.limitPerHour;
    const first = after[0]?.value ?? Number.NaN;
    return { ...each, slope, first, last: after.at(-1)?.value ?? Number.NaN, hasGrown };
  });
}

export function soakMarkdown(soak: Soak): string {
  const rows = verdicts(soak).map(({ name, unit, limitPerHour, slope, first, last, hasGrown }) => {
    const limit = limitPerHour === null ? '' : `${limitPerHour} ${unit}/h`;
    const verdict =
      limitPerHour === null || Number.isNaN(slope.perHour)
        ? ''
        : hasGrown
          ? '**grows**'
          : slope.perHour <= limitPerHour
            ? 'no growth'
            : 'no growth that stands out of the noise';
    return `| ${name} | ${roundText(first)} ${unit} | ${roundText(last)} ${unit} | ${slopeText(slope, unit)} | ${limit} | ${verdict} |`;
  });
  const memory = verdicts(soak).find(({ name }) => name === MEMORY_SERIES);
  const actions = Object.entries(soak.actions).map(([name, count]) => `${count} ${name}`);
  const counters = Object.entries(soak.counters).map(([name, count]) => `| ${name} | ${count} |`);
  return `# Soak

Made by \`npm run soak -- --minutes ${soak.minutes} --seed ${soak.seed}\` on ${soak.date}, ${soak.sound}, starting with the speaker set that
runs by default: two bundled voices, adapted, with their mask network. A random user performed about four actions a second: ${actions.join(', ')}.

| result | |
| --- | --- |
| memory slope | ${memory === undefined ? 'not measured' : slopeText(memory.slope, memory.unit)} |
| delay over target, where it exceeds a block | ${excessText(soak.delayExcess)} |
| restarts that nobody caused | ${soak.counters.engineRestarts} of the engine, ${soak.counters.restarts} of the devices |

No restart is part of the test. The delay is that of queues and devices, as the program reports it twice a second; its target, the median
of the run, is ${(1000 * soak.targetDelaySeconds).toFixed(1)} ms. The algorithmic delay, which the user changes, is not included.

Every 45 s the user rests for 15 s, with all settings as at the start. Slopes are computed from the medians of these rests after a warm-up
of ${soak.warmUpSeconds} s, with their 95 % confidence intervals. "Objects and buffers" is what heap snapshots of all threads hold, except the two that may not stop for so long, those of the engine and the
devices, which have rows of their own. They are taken in every eighth rest, without compiled code and what the runtime keeps beside it (data for deoptimisation, relocation, feedback): the runtime
recompiles for hours, so this part rises while no object stays. "Memory in use" is measured every 3 s of a rest after a garbage collection
that the measurement forces in every thread, and which may be heard as a gap; it includes the data beside the code. Resident memory also includes libraries, and memory that
the allocator keeps in reserve: in a run of 27 minutes the session's rose in two steps by 95 MB, all of it in two of the allocator's pools
(arenas), while its heap stayed at 26 MB.

| | first | last | slope | limit | |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

${soak.openedFiles.length === 0 ? '' : `Open in the last rest and not in the first: ${soak.openedFiles.join(', ')}.\n\n`}${soak.problems.length === 0 ? 'No unexpected messages on stderr.' : `Unexpected messages on stderr:\n\n${soak.problems.map((problem) => `- ${problem}`).join('\n')}`}

![plots of the above over time](soak.svg)

| counter at the end | |
| --- | --- |
${counters.join('\n')}
`;
}

export function soakSvg(soak: Soak): string {
  return stackedSvg(
    `Soak, ${soak.minutes} minutes; the line marks the end of the warm-up`,
    760,
    soak.series.map(({ name, unit, samples }) => ({
      height: 150,
      x: { label: 'minutes' },
      y: { label: `${name} [${unit}]`, grid: true, nice: true, zero: true },
      marks: [
        ruleX([soak.warmUpSeconds / 60], { strokeOpacity: 0.4 }),
        line(
          samples.map(({ seconds, value }) => ({ minutes: seconds / 60, value })),
          { x: 'minutes', y: 'value', stroke: '#0072b2' },
        ),
      ],
    })),
  );
}

export function medianOf(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
