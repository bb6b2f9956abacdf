import { markdownTable } from '../../files/markdownTable.ts';
import { distributionSvg } from '../evaluation/plot.ts';
import { SCORES, type ScoreName } from '../evaluation/scores.ts';
import { distributionOf, type PairedDifference, pairedDifference } from '../evaluation/statistics.ts';
import { type ExperimentFacts, experimentConfig, experimentHead, paperRemark } from './experimentText.ts';
import { PAPER_TRAINED_WINDOW, PAPER_WINDOWS, type PaperWindow, PRINTED_SEPARATION } from './printedValues.ts';
import { SEPARATION_EXPERIMENT_METHODS, type SeparationExperiment, type SeparationResult } from './separation.ts';
import { differenceText, isBeyondChance, meanText } from './statisticsText.ts';

/** Scores of Figure 5 by file. */
const FIGURES = {
  'sdr.svg': 'sdrDecibels',
  'sir.svg': 'sirDecibels',
  'sar.svg': 'sarDecibels',
  'stoi.svg': 'stoi',
} as const;
export const SEPARATION_FIGURES = Object.keys(FIGURES);
const SHOWN: readonly ScoreName[] = ['sdrDecibels', 'sirDecibels', 'sarDecibels', 'siSdrDecibels', 'stoi', 'estoi'];

/** Builds all files of `experiment separation`. Higher values are better. */
export function separationReport(facts: ExperimentFacts, { results, paperTrainings }: SeparationExperiment) {
  const methods = SEPARATION_EXPERIMENT_METHODS.filter((name) => results.some(({ method }) => method === name));
  const summaries = PAPER_WINDOWS.flatMap((window) =>
    methods.map((method) => ({
      window,
      method,
      scores: Object.fromEntries(
        SHOWN.map((score) => [score, distributionOf(valuesOf(results, method, window, score))]),
      ),
      minusNmf: Object.fromEntries(SHOWN.map((score) => [score, minus(results, method, 'nmf', window, score)])),
    })),
  );
  const markdown = [
    experimentHead('Separation: Figure 5 of the paper', facts),
    '',
    'Mixtures of two at 0 dB, each score the mean of both voices. The first three methods run in the streaming engine, without',
    'frequency-scaled copies except for `innmf`, which has three copies of its 20 templates, as live. `paper` solves the whole mixture offline.',
    paperRemark(facts.options, paperTrainings),
    ...PAPER_WINDOWS.flatMap((window) => ['', `## N = ${window}`, '', table(results, methods, window)]),
    '',
    '## Findings',
    '',
    ...findings(results, methods).map((line) => `- ${line}`),
    '',
  ].join('\n');
  const figures = Object.entries(FIGURES).map(([name, score]) => [name, figure(results, methods, score)] as const);
  return {
    config: experimentConfig(facts),
    results: { paperTrainings, summaries, printedMedians: PRINTED_SEPARATION, results },
    figures: Object.fromEntries(figures),
    markdown,
  };
}

function table(results: readonly SeparationResult[], methods: readonly string[], window: PaperWindow): string {
  const shown = SCORES.filter(({ name }) => SHOWN.includes(name));
  const rows = methods.map((method) => [
    `${method} (${pairsOf(results, method).size} pairs)`,
    ...shown.map(({ name, digits }) => {
      const distribution = distributionOf(valuesOf(results, method, window, name));
      return `${distribution.median.toFixed(digits)}; ${meanText(distribution, digits)}`;
    }),
  ]);
  const printed = (['nmf', 'innmf'] as const).map((method) => {
    const { sdrDecibels, sirDecibels, sarDecibels, stoi } = PRINTED_SEPARATION[method][window];
    const name = `printed: ${method === 'nmf' ? 'NMF' : 'the paper’s networks'} (TIMIT)`;
    const ratios = [sdrDecibels, sirDecibels, sarDecibels].map((value) => value.toFixed(2));
    return [name, ...ratios, '', stoi.toFixed(3), ''];
  });
  return markdownTable(['median; mean ± sd', ...shown.map(({ label }) => label)], [...rows, ...printed]);
}

/** Computes the sentences under "Findings". */
function findings(results: readonly SeparationResult[], methods: readonly string[]): string[] {
  const lines: string[] = [];
  for (const method of methods.filter((name) => name !== 'nmf')) {
    for (const { name, label } of SCORES.filter(
      (score) => score.name === 'sdrDecibels' || score.name === 'siSdrDecibels',
    )) {
      const all = PAPER_WINDOWS.map((window) => ({ window, difference: minus(results, method, 'nmf', window, name) }));
      const texts = all.map(({ window, difference }) => `${differenceText(difference, 2)} dB at N = ${window}`);
      lines.push(
        `${label} of \`${method}\` against \`nmf\` learnt for each N, same pairs: ${texts.join(', ')}. ${verdict(all)}`,
      );
    }
  }
  for (const method of ['innmf', 'paper']) {
    if (!methods.includes(method)) continue;
    const other = PAPER_WINDOWS.filter((window) => window !== PAPER_TRAINED_WINDOW);
    const worse = other.filter((window) => minus(results, method, 'interpolated', window, 'sdrDecibels').mean < 0);
    lines.push(
      worse.length === 0
        ? `\`${method}\` separates better than plain linear interpolation of one matrix at every N other than ${PAPER_TRAINED_WINDOW} (SDR).`
        : `Disappointing: plain linear interpolation of one matrix separates better than \`${method}\` does at N = ${worse.join(', ')} (SDR).`,
    );
  }
  if (methods.includes('paper')) {
    const texts = PAPER_WINDOWS.map((window) => {
      const difference = minus(results, 'paper', 'innmf', window, 'sdrDecibels');
      return `${differenceText(difference, 2)} dB at N = ${window}`;
    });
    lines.push(`SDR of \`paper\` against \`innmf\`, same pairs: ${texts.join(', ')}.`);
  }
  const count = pairsOf(results, 'nmf').size;
  lines.push(
    `The paper has 500 pairs from TIMIT, this page ${count} of other recordings: compare differences between methods, not values.`,
  );
  return lines;
}

function verdict(all: readonly { readonly window: number; readonly difference: PairedDifference }[]): string {
  if (all.some(({ difference }) => difference.standardError === null)) return 'One pair only: significance is unknown.';
  const sure = all.filter(({ difference }) => isBeyondChance(difference) === true);
  const better = sure.filter(({ difference }) => difference.mean > 0).map(({ window }) => window);
  const worse = sure.filter(({ difference }) => difference.mean < 0).map(({ window }) => window);
  if (sure.length === 0) return 'No difference exceeds two standard errors.';
  const parts = [
    ...(better.length > 0 ? [`better at N = ${better.join(', ')}`] : []),
    ...(worse.length > 0 ? [`disappointingly, worse at N = ${worse.join(', ')}`] : []),
  ];
  return `Beyond two standard errors: ${parts.join('; ')}.`;
}

function figure(results: readonly SeparationResult[], methods: readonly string[], score: ScoreName): string {
  const { label } = SCORES.find(({ name }) => name === score)!;
  return distributionSvg({
    title: `${label}, ${pairsOf(results, 'nmf').size} pairs at 0 dB, 20 templates, hop N/2`,
    valueLabel: score === 'stoi' ? label : `${label} in dB, mean of both speakers`,
    facets: PAPER_WINDOWS.map((window) => `N = ${window}`),
    series: methods,
    points: results.map(({ method, window, scores }) => ({
      facet: `N = ${window}`,
      series: method,
      value: scores[score],
    })),
  });
}

/** @returns differences for the pairs that `method` separated */
function minus(
  results: readonly SeparationResult[],
  method: string,
  reference: string,
  window: number,
  score: ScoreName,
): PairedDifference {
  const pairs = pairsOf(results, method);
  return pairedDifference(
    valuesOf(results, method, window, score),
    valuesOf(
      results.filter(({ pair }) => pairs.has(pair)),
      reference,
      window,
      score,
    ),
  );
}

function pairsOf(results: readonly SeparationResult[], method: string): Set<string> {
  return new Set(results.filter((result) => result.method === method).map(({ pair }) => pair));
}

/** @returns scores in the order of the pairs */
function valuesOf(results: readonly SeparationResult[], method: string, window: number, score: ScoreName): number[] {
  return results
    .filter((result) => result.method === method && result.window === window)
    .map(({ scores }) => scores[score]);
}
