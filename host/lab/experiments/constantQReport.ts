import type { MeasuredSource } from '../../offline/ReferenceMetrics.ts';
import type { ConstantQFileResult } from './ConstantQSeparation.ts';

/** Builds the JSON report of `experiment separate`. @param measured in the order of the files; null without references */
export function constantQReport(
  mixturePath: string,
  result: ConstantQFileResult,
  measured: readonly MeasuredSource[] | null,
) {
  const { sampleRateHertz, sliceSamples, hopSamples } = result;
  const duration = (samples: number) => ({ samples, milliseconds: (1000 * samples) / sampleRateHertz });
  return {
    mixture: mixturePath,
    transform: 'cqt',
    sampleRateHertz,
    channels: result.channels,
    seconds: result.samples / sampleRateHertz,
    slice: duration(sliceSamples),
    hop: duration(hopSamples),
    realTimeFactor: result.realTimeFactor,
    frames: result.frames,
    iterations: result.iterations,
    sources: result.files.map(({ speaker, path, clippedSamples }, index) => {
      const metrics = measured?.[index];
      const comparison = metrics === undefined ? {} : { metrics: metrics.separated, mixtureMetrics: metrics.mixture };
      return { speaker, file: path, clippedSamples, ...comparison };
    }),
  };
}
