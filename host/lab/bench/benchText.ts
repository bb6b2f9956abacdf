import { STAGES, type Stage } from '../../../engine/separator/StageProbe.ts';
import type { LatencyMode } from '../../../engine/stft/StftPlan.ts';
import { textTable } from '../../files/textTable.ts';
import type { BenchGoal } from './benchGoals.ts';
import type { BenchReport } from './benchReport.ts';
import { MOST_UPDATES } from './iterationsToOptimum.ts';
import type { MixtureIterations } from './kernelBench.ts';
import type { SeparatorTiming } from './separatorBench.ts';
import { SOLVER_ITERATIONS } from './solverSpeed.ts';
import type { StageTiming } from './stageTimings.ts';

const MODE_NAMES: Readonly<Record<LatencyMode, string>> = {
  ear: 'Ear',
  monitor: 'Monitor',
  call: 'Call',
  studio: 'Studio',
};

const STAGE_NAMES: Readonly<Record<Stage, string>> = {
  buffering: 'input checks, dry delay, output',
  analysis: 'window, FFT, magnitudes',
  activations: 'bands, solver',
  models: 'models of the voices',
  refinement: 'mask network',
  activity: 'speaker activity',
  mask: 'mask',
  background: 'the same beside the background',
  synthesis: 'inverse FFT, overlap-add',
};

/** Formats a report as tables; the first line is the most important figure. */
export function benchText(report: BenchReport): string {
  const { machine, goals, seconds } = report;
  return [
    ...report.separator.slice(0, 1).map(headline),
    `${machine.processor} (${machine.cores} cores, load ${machine.load.toFixed(1)}), ${machine.platform}, Node ${machine.node}, kernel ${machine.kernel}; ${seconds.toFixed(0)} s`,
    '',
    ...goalLines(goals),
    '',
    ...stageLines(report),
    '',
    ...separatorLines(report),
    '',
    ...solverLines(report),
    '',
    ...iterationLines(report.kernel.iterations),
    '',
    ...productAndFftLines(report),
  ].join('\n');
}

function headline({ realTimeFactor, sampleRateHertz, latency }: SeparatorTiming): string {
  return `The separator runs ${realTimeFactor.toFixed(1)} times faster than real time on one core: the two bundled voices as live loads them, adapted to each other and with their mask network, ${sampleRateHertz / 1000} kHz, ${MODE_NAMES[latency]} (goal 20).`;
}

function goalLines(goals: readonly BenchGoal[]): string[] {
  const rows = goals.map(({ name, figure, goal, isBetter, isReached }) => [
    name,
    figure === null ? '-' : figureText(figure),
    `${isBetter === 'more' ? 'at least' : 'at most'} ${goal}`,
    isReached === null ? 'not measured' : isReached ? 'reached' : 'missed',
  ]);
  return textTable([['goals', 'figure', 'goal', ''], ...rows]);
}

function stageLines({ stages: { stages, whole, bins, bands, iterations } }: BenchReport): string[] {
  const row = (name: string, { p50, p99 }: StageTiming) => [
    name,
    p50.toFixed(0),
    p99.toFixed(0),
    `${((100 * p50) / whole.p50).toFixed(0)} %`,
  ];
  return [
    ...textTable([
      ['microseconds a hop by stage, default voices', 'p50', 'p99', 'share'],
      ...STAGES.flatMap((stage) => {
        const timing = stages[stage];
        return timing === undefined ? [] : [row(STAGE_NAMES[stage], timing)];
      }),
      row('whole hop', whole),
    ]),
    `The solver works on ${bins} bins merged into ${bands} bands, with ${iterations.toFixed(1)} iterations.`,
  ];
}

function separatorLines({ separator }: BenchReport): string[] {
  const rows = separator.map(
    ({
      voices,
      signal,
      latency,
      speakers,
      templates,
      windowSamples,
      iterations,
      realTimeFactor,
      microsecondsPerHop,
    }) => [
      `${speakers} ${voices}`,
      signal,
      MODE_NAMES[latency],
      String(templates),
      String(windowSamples),
      iterations.toFixed(1),
      realTimeFactor.toFixed(1),
      microsecondsPerHop.p50.toFixed(0),
      microsecondsPerHop.p99.toFixed(0),
    ],
  );
  return [
    'separator at 48 kHz; noise is the worst case for the solver; synthetic voices have random templates and a random adaptation',
    ...textTable([
      ['voices', 'signal', 'mode', 'templates', 'N', 'iterations', 'times real time', 'us a hop: p50', 'p99'],
      ...rows,
    ]),
  ];
}

function solverLines({ kernel }: BenchReport): string[] {
  const rows = kernel.solver.map(({ bins, templates, variant, microsecondsPerFrame, shareOfPeak, timesAsFastAs }) => {
    const peak = variant === 'javascript' ? null : shareOfPeak;
    return [
      `${bins} x ${templates}`,
      microsecondsPerFrame.one.toFixed(0),
      microsecondsPerFrame.four.toFixed(0),
      ratioText(peak?.one),
      ratioText(peak?.four),
      ratioText(timesAsFastAs.tiledJavaScript),
      ratioText(timesAsFastAs.textbookJavaScript),
      ratioText(timesAsFastAs.tensorflowWasm),
    ];
  });
  return [
    `solver, ${SOLVER_ITERATIONS} iterations: microseconds a frame and share of the multiply+add peak, for one and for four frames at once;`,
    'speed relative to tiled JavaScript, textbook JavaScript and tfjs on wasm, one frame, same number of iterations',
    ...textTable([['bins x templates', 'us 1', 'us 4', 'peak 1', 'peak 4', 'tiled', 'textbook', 'tfjs'], ...rows]),
  ];
}

function iterationLines(mixtures: readonly MixtureIterations[]): string[] {
  const rows = mixtures.map(({ bins, templates, iterations, multiplicativeUpdates, adaptive }) => [
    `${bins} x ${templates}`,
    String(iterations.median),
    String(iterations.p90),
    updatesText(multiplicativeUpdates.median),
    updatesText(multiplicativeUpdates.p90),
    adaptive.meanIterations.toFixed(1),
    `${(100 * adaptive.meanGap).toFixed(2)} %`,
  ]);
  return [
    'iterations to a gap of 1 % on the demo mixture, with unmerged bins, then with bands as in the separator;',
    'multiplicative updates (MU) to the same gap; where the solver stops by itself',
    ...textTable([['bins x templates', 'median', 'p90', 'MU median', 'MU p90', 'own stop at', 'gap there'], ...rows]),
  ];
}

function productAndFftLines({ kernel }: BenchReport): string[] {
  const { frames, bins, templates, millisecondsPerUpdate, gigaflops } = kernel.factorization;
  const rows = kernel.fft.map(({ sizeSamples, forwardMicroseconds, inverseMicroseconds, timesAsFastAsJavaScript }) => [
    String(sizeSamples),
    forwardMicroseconds.toFixed(1),
    inverseMicroseconds.toFixed(1),
    ratioText(timesAsFastAsJavaScript),
  ]);
  const peak = kernel.solver.at(-1);
  const hasPeak = peak !== undefined && peak.variant !== 'javascript';
  const share = hasPeak ? `, ${ratioText(gigaflops / peak.gigaflops.peak)} of the peak` : '';
  return [
    'matrix products of training: one update of both factors',
    `${frames} frames x ${bins} bins x ${templates} templates: ${millisecondsPerUpdate.toFixed(1)} ms, ${gigaflops.toFixed(1)} Gflop/s${share}`,
    '',
    ...textTable([['FFT size', 'us forward', 'us inverse', 'times as fast as JavaScript'], ...rows]),
  ];
}

/** Formats a count of updates, which is not continued above MOST_UPDATES. */
function updatesText(updates: number): string {
  return updates === MOST_UPDATES ? `${MOST_UPDATES}+` : String(updates);
}

function ratioText(ratio: number | null | undefined): string {
  return ratio === null || ratio === undefined ? '-' : figureText(ratio);
}

function figureText(figure: number): string {
  if (Number.isInteger(figure)) return String(figure);
  return figure.toFixed(Math.abs(figure) < 2 ? 2 : 1);
}
