import type { EvaluationReport } from './evaluationReport.ts';
import { distributionSvg } from './plot.ts';
import type { ScoreName } from './scores.ts';

/** The scores of the paper's Figure 5, and SI-SDR, which unlike SDR counts a filtered source as distorted. */
const PANELS: readonly { readonly name: ScoreName; readonly label: string }[] = [
  { name: 'sdrDecibels', label: 'SDR' },
  { name: 'sirDecibels', label: 'SIR' },
  { name: 'sarDecibels', label: 'SAR' },
  { name: 'siSdrDecibels', label: 'SI-SDR' },
];
/** Points above are not drawn: the mixture has no artifacts, and its SAR of 100 dB would compress the scale. */
const HIGHEST_SHOWN_DECIBELS = 60;

/** Draws the scores of all methods as the SVG file of `evaluate --plot`. */
export function evaluationPlot({ results, conditions, pairs }: EvaluationReport): string {
  const points = PANELS.flatMap(({ name, label }) =>
    results.map(({ method, scores }) => ({ facet: label, series: method, value: scores[name] })),
  );
  return distributionSvg({
    title: `${pairs} pairs, N = ${conditions.windowSamples}, latency ${conditions.latencyMilliseconds.toFixed(1)} ms, ${conditions.templates} templates`,
    valueLabel: 'dB, mean of both speakers',
    facets: PANELS.map(({ label }) => label),
    series: [...new Set(results.map(({ method }) => method))],
    points: points.filter(({ value }) => value <= HIGHEST_SHOWN_DECIBELS),
  });
}
