import { textTable } from '../../files/textTable.ts';
import type { EvaluationReport } from './evaluationReport.ts';
import { SCORES } from './scores.ts';
import type { Distribution, PairedDifference } from './statistics.ts';

/** Larger real-time factors only mean that there was nothing to compute, as for the unprocessed mixture. */
const LARGEST_SHOWN_RATIO = 1000;

/** Formats a report as the tables that `evaluate` prints. */
export function evaluationText(report: EvaluationReport): string {
  const { conditions, pairs, speakers, split } = report;
  const lines = [
    `${pairs} pairs of ${speakers.length} speakers (${split.train} recordings train, ${split.test} test), ${conditions.sampleRateHertz} Hz, mixed at ${conditions.snrDecibels} dB`,
    `window ${conditions.windowSamples} samples (${conditions.windowMilliseconds.toFixed(1)} ms), latency ${conditions.latencyMilliseconds.toFixed(1)} ms, ${conditions.templates} templates, seed ${conditions.seed}`,
  ];
  for (const group of new Set(report.summaries.map((summary) => summary.group))) {
    const summaries = report.summaries.filter((summary) => summary.group === group);
    const count = summaries[0]?.scores.sdrDecibels.count ?? 0;
    lines.push('', `${group}: median, mean +- standard deviation over ${count} ${count === 1 ? 'pair' : 'pairs'}`);
    lines.push(
      ...textTable([
        ['', ...SCORES.map(({ label }) => label), 'x real time'],
        ...summaries.map(({ method, scores, realTimeFactor }) => [
          method,
          ...SCORES.map(({ name, digits }) => distributionCell(scores[name], digits)),
          ratioCell(realTimeFactor),
        ]),
      ]),
    );
  }
  const [difference] = report.differences;
  if (difference !== undefined) {
    lines.push(
      '',
      `paired differences from ${difference.minus}: mean +- standard error`,
      ...textTable([
        ['', ...SCORES.map(({ label }) => label)],
        ...report.differences.map(({ method, scores }) => [
          method,
          ...SCORES.map(({ name, digits }) => differenceCell(scores[name], digits)),
        ]),
      ]),
    );
  }
  lines.push('', 'SDR, SIR, SAR and SI-SDR in dB, each the mean of both speakers; ratios over 100 dB count as 100 dB');
  return lines.join('\n');
}

function distributionCell({ median, mean, standardDeviation }: Distribution, digits: number): string {
  const spread = standardDeviation === null ? '' : `+-${standardDeviation.toFixed(digits)}`;
  return `${median.toFixed(digits)} ${mean.toFixed(digits)}${spread}`;
}

function differenceCell({ mean, standardError }: PairedDifference, digits: number): string {
  const sign = mean >= 0 ? '+' : '';
  return `${sign}${mean.toFixed(digits)}${standardError === null ? '' : `+-${standardError.toFixed(digits)}`}`;
}

function ratioCell(ratio: number): string {
  return ratio > LARGEST_SHOWN_RATIO ? `> ${LARGEST_SHOWN_RATIO}` : ratio.toFixed(1);
}
