import { markdownTable } from '../../files/markdownTable.ts';
import { distributionSvg } from '../evaluation/plot.ts';
import { distributionOf, type PairedDifference, pairedDifference } from '../evaluation/statistics.ts';
import { type ExperimentFacts, experimentConfig, experimentHead, paperRemark } from './experimentText.ts';
import { PAPER_TRAINED_WINDOW, PAPER_WINDOWS, type PaperWindow, PRINTED_RECONSTRUCTION } from './printedValues.ts';
import {
  ACTIVATION_UPDATES,
  RECONSTRUCTION_METHODS,
  type Reconstruction,
  type ReconstructionMethod,
  type ReconstructionResult,
} from './reconstruction.ts';
import { differenceText, isBeyondChance, meanText } from './statisticsText.ts';

type Speech = 'trainingKl' | 'unseenKl';

const SPEECH_LABELS: Readonly<Record<Speech, string>> = {
  trainingKl: 'training speech',
  unseenKl: 'unseen speech',
};
export const RECONSTRUCTION_FIGURES = ['figure.svg'] as const;

/** Builds all files of `experiment reconstruction`. Lower values are better. */
export function reconstructionReport(facts: ExperimentFacts, { results, paperTrainings }: Reconstruction) {
  const methods = RECONSTRUCTION_METHODS.filter((name) => results.some(({ method }) => method === name));
  const speeches: readonly Speech[] = ['trainingKl', 'unseenKl'];
  const summaries = speeches.flatMap((speech) =>
    PAPER_WINDOWS.flatMap((window) =>
      methods.map((method) => {
        const own = valuesOf(results, method, window, speech);
        return {
          speech,
          window,
          method,
          ...distributionOf(own),
          minusNmf: minus(results, method, 'nmf', window, speech),
        };
      }),
    ),
  );
  const markdown = [
    experimentHead('Reconstruction: Table 1 of the paper', facts),
    '',
    `KL divergence per frame and bin, times 1e5 (lower is better), mean ± standard deviation over speakers; activations from ${ACTIVATION_UPDATES}`,
    'multiplicative updates for all methods. Sound is scaled as if 30 s of it had unit energy, as the paper does according to its',
    'released files. Its recordings and sentences are others, so its printed values are comparable in order of magnitude only.',
    paperRemark(facts.options, paperTrainings),
    ...speeches.flatMap((speech) => ['', `## On ${SPEECH_LABELS[speech]}`, '', table(results, methods, speech)]),
    '',
    '## Findings',
    '',
    ...findings(results, methods).map((line) => `- ${line}`),
    '',
  ].join('\n');
  return {
    config: experimentConfig(facts),
    results: {
      unit: 'KL per frame and bin, x 1e5',
      paperTrainings,
      summaries,
      printed: PRINTED_RECONSTRUCTION,
      results,
    },
    figures: { [RECONSTRUCTION_FIGURES[0]]: figure(results, methods) },
    markdown,
  };
}

function table(
  results: readonly ReconstructionResult[],
  methods: readonly ReconstructionMethod[],
  speech: Speech,
): string {
  const measured = methods.map((method) => [
    `${method} (${new Set(results.filter((result) => result.method === method).map(({ speaker }) => speaker)).size} speakers)`,
    ...PAPER_WINDOWS.map((window) => meanText(distributionOf(valuesOf(results, method, window, speech)), 2)),
  ]);
  const printed = (['nmf', 'innmf'] as const).map((method) => [
    `printed: ${method === 'nmf' ? 'NMF' : 'the paper’s networks'} (TIMIT)`,
    ...PAPER_WINDOWS.map((window) => meanText(printedDistribution(method, window), 2)),
  ]);
  const rows = speech === 'trainingKl' ? [...measured, ...printed] : measured;
  return markdownTable(['', ...PAPER_WINDOWS.map((window) => `N = ${window}`)], rows);
}

function printedDistribution(method: 'nmf' | 'innmf', window: PaperWindow) {
  const { mean, standardDeviation } = PRINTED_RECONSTRUCTION[method][window];
  return { count: 0, median: mean, mean, standardDeviation };
}

/** Computes the sentences under "Findings". */
function findings(results: readonly ReconstructionResult[], methods: readonly ReconstructionMethod[]): string[] {
  const others = methods.filter((method) => method !== 'nmf');
  const lines = (['trainingKl', 'unseenKl'] as const).flatMap((speech) =>
    others.map((method) => {
      const perWindow = PAPER_WINDOWS.map((window) => {
        const difference = minus(results, method, 'nmf', window, speech);
        const share = (100 * difference.mean) / meanOf(results, 'nmf', window, speech, method);
        return `${Math.abs(share).toFixed(1)} % ${share < 0 ? 'below' : 'above'} at N = ${window} (${differenceText(difference, 2)}${certainty(difference)})`;
      });
      return `On ${SPEECH_LABELS[speech]}, \`${method}\` against \`nmf\` learnt for each N, same speakers: ${perWindow.join(', ')}.`;
    }),
  );
  for (const method of ['innmf', 'paper'] as const) {
    if (!methods.includes(method)) continue;
    const other = PAPER_WINDOWS.filter((window) => window !== PAPER_TRAINED_WINDOW);
    const worse = other.filter((window) => minus(results, method, 'interpolated', window, 'unseenKl').mean > 0);
    lines.push(
      worse.length === 0
        ? `\`${method}\` describes unseen speech better than plain linear interpolation at every N other than ${PAPER_TRAINED_WINDOW}.`
        : `Disappointing: plain linear interpolation of one matrix describes unseen speech better than \`${method}\` does at N = ${worse.join(', ')}.`,
    );
  }
  const printed = PAPER_WINDOWS.map((window) => {
    const { nmf, innmf } = PRINTED_RECONSTRUCTION;
    return `${((100 * innmf[window].mean) / nmf[window].mean - 100).toFixed(1)} %`;
  });
  lines.push(
    `The paper prints its networks above its own NMF by ${printed.join(', ')} at N = ${PAPER_WINDOWS.join(', ')}.`,
  );
  const reference = meanOf(results, 'nmf', PAPER_TRAINED_WINDOW, 'trainingKl', 'nmf');
  const size = reference / PRINTED_RECONSTRUCTION.nmf[PAPER_TRAINED_WINDOW].mean;
  lines.push(
    `At N = ${PAPER_TRAINED_WINDOW}, the KL of \`nmf\` is ${size.toFixed(2)} times the printed one: the speech differs, and the scale is an interpretation of the paper.`,
  );
  return lines;
}

function certainty(difference: PairedDifference): string {
  const isSure = isBeyondChance(difference);
  return isSure === false ? ', within chance' : isSure === null ? ', one speaker only' : '';
}

function figure(results: readonly ReconstructionResult[], methods: readonly ReconstructionMethod[]): string {
  return distributionSvg({
    title: 'Reconstruction of unseen speech (lower is better)',
    valueLabel: 'KL per frame and bin, x 1e5',
    facets: PAPER_WINDOWS.map((window) => `N = ${window}`),
    series: methods,
    points: results.map(({ method, window, unseenKl }) => ({
      facet: `N = ${window}`,
      series: method,
      value: unseenKl,
    })),
  });
}

function minus(
  results: readonly ReconstructionResult[],
  method: ReconstructionMethod,
  reference: ReconstructionMethod,
  window: number,
  speech: Speech,
): PairedDifference {
  const own = valuesOf(results, method, window, speech);
  return pairedDifference(own, valuesOf(results, reference, window, speech, speakersOf(results, method)));
}

/** Mean of a method over the speakers of another. */
function meanOf(
  results: readonly ReconstructionResult[],
  method: ReconstructionMethod,
  window: number,
  speech: Speech,
  speakersMethod: ReconstructionMethod,
): number {
  return distributionOf(valuesOf(results, method, window, speech, speakersOf(results, speakersMethod))).mean;
}

function speakersOf(results: readonly ReconstructionResult[], method: ReconstructionMethod): Set<string> {
  return new Set(results.filter((result) => result.method === method).map(({ speaker }) => speaker));
}

/** Values in the order of the speakers. */
function valuesOf(
  results: readonly ReconstructionResult[],
  method: ReconstructionMethod,
  window: number,
  speech: Speech,
  speakers: ReadonlySet<string> | null = null,
): number[] {
  return results
    .filter((result) => result.method === method && result.window === window)
    .filter(({ speaker }) => speakers === null || speakers.has(speaker))
    .map((result) => result[speech]);
}
