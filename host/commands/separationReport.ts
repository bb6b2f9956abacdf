import type { Seconds } from '../../engine/core/units.ts';
import type { LatencyMode } from '../../engine/stft/StftPlan.ts';
import type { FileSeparationResult, SeparatedFile } from '../offline/FileSeparation.ts';
import type { MeasuredSource, SourceMetrics } from '../offline/ReferenceMetrics.ts';

/** The report that `separate --json` and `demo --json` print. */
export function separationReport(
  mixturePath: string,
  latency: LatencyMode | Seconds,
  result: FileSeparationResult,
  measured: readonly MeasuredSource[] | null,
) {
  const { sampleRateHertz } = result;
  const milliseconds = (samples: number) => (1000 * samples) / sampleRateHertz;
  const rest = result.files.find((file) => file.speaker === null);
  return {
    mixture: mixturePath,
    sampleRateHertz,
    channels: result.channels,
    seconds: result.samples / sampleRateHertz,
    latency: {
      mode: typeof latency === 'string' ? latency : null,
      samples: result.latencySamples,
      milliseconds: milliseconds(result.latencySamples),
    },
    window: { samples: result.windowSamples, milliseconds: milliseconds(result.windowSamples) },
    hop: { samples: result.hopSamples, milliseconds: milliseconds(result.hopSamples) },
    realTimeFactor: result.realTimeFactor,
    frames: result.frames,
    iterations: { mean: result.meanIterations },
    klGap: { mean: result.meanRelativeGap, largest: result.largestRelativeGap },
    sources: result.files
      .filter((file) => file.speaker !== null)
      .map(({ speaker, path, clippedSamples }, index) => ({
        speaker,
        file: path,
        clippedSamples,
        ...metricsOf(measured?.[index]),
      })),
    rest: rest?.path ?? null,
  };
}

/** @param measured undefined: there are no references */
function metricsOf(measured: MeasuredSource | undefined) {
  return measured === undefined ? {} : { metrics: measured.separated, mixtureMetrics: measured.mixture };
}

/** The same report as readable text. */
export function separationText(
  mixturePath: string,
  result: FileSeparationResult,
  measured: readonly MeasuredSource[] | null,
): string {
  const seconds = result.samples / result.sampleRateHertz;
  const milliseconds = (1000 * result.latencySamples) / result.sampleRateHertz;
  const lines = [
    `${mixturePath}: ${seconds.toFixed(1)} s at ${result.sampleRateHertz} Hz, ${result.realTimeFactor.toFixed(0)} times faster than real time`,
    `latency ${milliseconds.toFixed(1)} ms (${result.latencySamples} samples), ${result.meanIterations.toFixed(1)} iterations a frame${gapText(result.meanRelativeGap)}`,
    ...fileLines(result.files, measured),
  ];
  return lines.join('\n');
}

/** One line for each written file, with its metrics where references are known. */
export function fileLines(files: readonly SeparatedFile[], measured: readonly MeasuredSource[] | null): string[] {
  return files.map((file, index) => {
    const metrics = measured?.[index];
    return `  ${file.path}${metrics === undefined || file.speaker === null ? '' : `   ${comparison(metrics)}`}`;
  });
}

function comparison({ separated, mixture }: MeasuredSource): string {
  const pair = (label: string, name: keyof SourceMetrics, digits: number) =>
    `${label} ${decimal(separated[name], digits)} (mixture ${decimal(mixture[name], digits)})`;
  return [pair('SI-SDR', 'siSdrDecibels', 1), pair('SDR', 'sdrDecibels', 1), pair('STOI', 'stoi', 2)].join(', ');
}

function decimal(value: number | null, digits: number): string {
  return value === null ? '-' : value.toFixed(digits);
}

function gapText(share: number | null): string {
  return share === null ? '' : `, KL gap at most ${(100 * share).toFixed(2)} % on average`;
}
