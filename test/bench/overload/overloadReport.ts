import { cpus } from 'node:os';
import { dot, line, ruleX, ruleY, text } from '@observablehq/plot';
import { stackedSvg } from '../../../host/lab/experiments/stackedSvg.ts';
import type { LiveCounters } from '../../../host/protocol/LiveState.ts';
import { type Slope, slopeText } from '../../soak/slope.ts';
import { BLOCK_SECONDS, delayExcess, excessText } from '../delayExcess.ts';
import { type TrackedDelay, WINDOW_SECONDS } from './delayTrack.ts';
import { TRIAL_SECONDS, TRIALS } from './trials.ts';
import { uncausedRestarts } from './uncausedRestarts.ts';

export interface LogLine {
  readonly seconds: number;
  readonly event: string;
  readonly counters: LiveCounters | null;
}

export interface ChainRun {
  readonly name: string;
  /** Load average of the minute before. */
  readonly machineLoad: number;
  readonly log: readonly LogLine[];
  readonly remarks: string;
  readonly delays: readonly TrackedDelay[];
  /** Slope of the memory that the program reports in its statuses, MB; null for a chain that reports none. */
  readonly memory: Slope | null;
  readonly silences: readonly { readonly start: number; readonly seconds: number }[];
}

/** Result of a trial with one chain, measured from its recording. */
function outcome(run: ChainRun, index: number) {
  const from = TRIALS[index]?.second ?? 0;
  const to = TRIALS[index + 1]?.second ?? TRIAL_SECONDS;
  const within = run.delays.filter(({ seconds }) => seconds >= from && seconds < to);
  const delays = within.flatMap(({ delaySeconds }) => delaySeconds ?? []);
  const { longestSeconds: longestOver } = delayExcess(heardOf(within), targetOf(run), WINDOW_SECONDS);
  const silent = run.silences.filter(({ start, seconds }) => start + seconds > from && start < to);
  const longestSilence = Math.max(
    0,
    ...silent.map(({ start, seconds }) => Math.min(to, start + seconds) - Math.max(from, start)),
  );
  return { largestDelay: delays.length === 0 ? null : Math.max(...delays), longestOver, longestSilence };
}

/** Windows in which the original does not pause. */
function heardOf(delays: readonly TrackedDelay[]): TrackedDelay[] {
  return delays.filter(({ isPause }) => !isPause);
}

/** @returns the delay before the first fault; 0 if the original was not found then */
export function targetOf({ delays }: ChainRun): number {
  const quiet = delays.flatMap(({ seconds, delaySeconds }) =>
    seconds < 3 && delaySeconds !== null ? [delaySeconds] : [],
  );
  return quiet.toSorted((one, other) => one - other)[Math.floor(quiet.length / 2)] ?? 0;
}

/** Row of the summary: what matters for all faults together. */
function summaryRow(run: ChainRun): string {
  const counters = run.log.flatMap((line) => line.counters ?? []);
  const heard = heardOf(run.delays);
  const target = targetOf(run);
  const lost = heard.filter(({ delaySeconds }) => delaySeconds === null).length;
  const cells = [
    run.name,
    target === 0 ? 'not found' : `${milliseconds(target)} ms`,
    target === 0 ? 'not found' : excessText(delayExcess(heard, target, WINDOW_SECONDS)),
    `${lost} of ${heard.length}`,
    counters.length === 0 ? 'not counted' : String(uncausedRestarts(TRIALS, counters)),
    run.memory === null ? 'not reported' : slopeText(run.memory, 'MB'),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** @param runs of the program, then of the naive chain */
export function overloadMarkdown(
  runs: readonly [ChainRun, ChainRun],
  stems: readonly { name: string; seconds: number }[],
): string {
  const rows = TRIALS.map(({ second, name }, index) => {
    const cells = runs.flatMap((run) => {
      const { largestDelay, longestOver, longestSilence } = outcome(run, index);
      return [
        largestDelay === null ? 'nothing heard' : milliseconds(largestDelay),
        milliseconds(longestOver),
        milliseconds(longestSilence),
      ];
    });
    return `| ${second} s | ${name} | ${cells.join(' | ')} |`;
  });
  const [live, naive] = runs;
  return `# Overload and faults

Made by \`npm run measure:overload\`. Both chains have the same virtual sound card (PulseAudio, 48 kHz), the same separator with the
speaker set that runs by default (two bundled voices, adapted, with their mask network) at 16 ms, and the same faults one after the other;
input and output are recorded on one clock. A share "stolen" is additional processor time per frame of the engine, relative to the 8 ms of
a frame; "two cores taken" are two other programs that use all available time. The naive chain is a worker with a queue of messages at its
input and a queue of blocks at its output ([naiveChain.mjs](naiveChain.mjs)); it has no panel, preset changes or recordings, so three of the
faults do not apply to it.

| all faults together | target delay | delay over target, where it exceeds a block | 50 ms windows not found | restarts that no fault caused | memory slope |
| --- | --- | --- | --- | --- | --- |
${runs.map(summaryRow).join('\n')}

The target delay is measured before the first fault. "Over target" means a delay above the target by more than a block of
${milliseconds(BLOCK_SECONDS)} ms. The memory is that of the audio process; in ${TRIAL_SECONDS} s its slope only shows that it does not run away
([soak](../../soak/soak.md) measures it). Delays up to 4 s are detected: "nothing heard" is a longer delay, or output too broken to be
recognised. Pauses of the mixture itself do not count as silence. All values of the next table are in milliseconds.
Load averages before the runs, on a machine with ${cpus().length} cores: ${runs.map(({ machineLoad }) => machineLoad.toFixed(1)).join(', ')}; the load also delays the sound server, which affects both chains.

| from | what happens | ${runs.map(({ name }) => `${name}: largest delay | longest over target | longest silence`).join(' | ')} |
| --- | --- | ${runs.map(() => '--- | --- | ---').join(' | ')} |
${rows.join('\n')}

![delay and silence of both chains over time](overload.svg)

Counters reported to the panel at the start of each trial:

| s | event | overloads | bypassed samples | dry fallbacks | dry fallback samples | shortened samples | output gaps | engine restarts | device restarts |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${live.log.map(logRow).join('\n')}

Messages on stderr:

\`\`\`
${said(live)}
\`\`\`

and by the naive chain:

\`\`\`
${said(naive)}
\`\`\`

test/host/session/soundCard.test.ts covers unplugged devices and sound servers that die, which this recording of both sides would not
survive.

Readable recordings up to the moment the disk became full: ${stems.map(({ name, seconds }) => `${name} ${seconds.toFixed(2)} s`).join(', ')}.
`;
}

export function overloadSvg(runs: readonly ChainRun[]): string {
  const panels = runs.map((run) => {
    const found = run.delays.flatMap(({ seconds, delaySeconds }) =>
      delaySeconds === null ? [] : [{ seconds, milliseconds: 1000 * delaySeconds }],
    );
    const most = Math.max(100, ...found.map((point) => point.milliseconds));
    return {
      height: 260,
      marginTop: 62,
      x: { label: 'seconds', domain: [0, TRIAL_SECONDS] },
      y: { label: `${run.name}: delay [ms]`, domain: [0, 1.1 * most], grid: true },
      marks: [
        ruleX(TRIALS, { x: 'second', strokeOpacity: 0.25 }),
        text(TRIALS, {
          x: 'second',
          text: 'name',
          frameAnchor: 'top',
          dy: -6,
          rotate: -35,
          textAnchor: 'start',
          fontSize: 9,
        }),
        ruleY([1000 * targetOf(run)], { stroke: '#009e73', strokeDasharray: '4,3' }),
        dot(found, {
          x: 'seconds',
          y: 'milliseconds',
          r: 1.6,
          fill: '#0072b2',
        }),
        ...run.silences.map(({ start, seconds }) =>
          line(
            [
              { x: start, y: 0 },
              { x: start + seconds, y: 0 },
            ],
            { x: 'x', y: 'y', stroke: '#d55e00', strokeWidth: 7 },
          ),
        ),
      ],
    };
  });
  return stackedSvg(
    'Delay from air to air under load and faults (dots), target (dashed), silence (bars below)',
    1000,
    panels,
  );
}

function logRow({ seconds, event, counters }: LogLine): string {
  const names = [
    'overloads',
    'bypassedSamples',
    'dryFallbacks',
    'dryFallbackSamples',
    'shortenedSamples',
    'outputGaps',
    'engineRestarts',
    'restarts',
  ] as const;
  return `| ${seconds.toFixed(1)} | ${event} | ${names.map((name) => counters?.[name] ?? '').join(' | ')} |`;
}

function said({ remarks }: ChainRun): string {
  const usual = /^(backend|speakers|window|ready|panel|latency|recording to|ALSA|Jack|jack|Cannot connect|$)/;
  const lines = [...new Set(remarks.split('\n').filter((each) => !usual.test(each)))];
  return lines.map((each) => each.replace(/\/\S*\/unmingle-test-[^/]+/g, '...')).join('\n');
}

function milliseconds(seconds: number): string {
  return (1000 * seconds).toFixed(0);
}
