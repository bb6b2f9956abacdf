import type { Samples } from '../../../../engine/core/units.ts';
import type { Check, Figures } from '../harness/Check.ts';
import type { Plugin } from '../harness/Plugin.ts';
import { randomSignal } from '../harness/randomSignal.ts';
import { figureName, type SteadySpeakerSet, steadySpeakerSets } from '../harness/steadySpeakerSets.ts';
import { Violation } from '../harness/Violation.ts';

const BLOCKS_SAMPLES: readonly Samples[] = [64, 480, 4096];
const MEASURED_SECONDS = 2;
const WARM_UP_SECONDS = 0.5;

export const time: Check = {
  name: 'time',
  title: 'processing time of a block relative to its duration; the bundled voices, adapted and plain, 48 kHz',
  isMeasurement: true,
  async run({ random, options, create }) {
    const figures: Record<string, number> = {};
    for (const steady of await steadySpeakerSets()) {
      const { speakerSet } = steady;
      const rate = speakerSet.plan.sampleRateHertz;
      const signal = randomSignal(random, rate, rate);
      for (const blockSamples of BLOCKS_SAMPLES) {
        const plugin = create(speakerSet, options);
        measure(plugin, signal, blockSamples, WARM_UP_SECONDS * rate);
        const loads = measure(plugin, signal, blockSamples, MEASURED_SECONDS * rate).map(
          (milliseconds) => (milliseconds * rate) / (1000 * blockSamples),
        );
        Object.assign(figures, loadFigures(steady, loads, blockSamples));
      }
    }
    return figures;
  },
};

/** Only the mean must be below the duration of a block: with short blocks, one of several does the work of a whole frame. */
function loadFigures(steady: SteadySpeakerSet, loads: readonly number[], blockSamples: Samples): Figures {
  const sorted = loads.toSorted((one, other) => one - other);
  const quantile = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const mean = loads.reduce((sum, load) => sum + load, 0) / loads.length;
  if (mean >= 1)
    throw new Violation(
      'time',
      `blocks of ${blockSamples} take ${(100 * mean).toFixed(0)} % of their duration in the mean with the ${steady.name} speaker set`,
    );
  return {
    [figureName(steady, `load${blockSamples}Mean`)]: mean,
    [figureName(steady, `load${blockSamples}P50`)]: quantile(0.5),
    [figureName(steady, `load${blockSamples}P99`)]: quantile(0.99),
    [figureName(steady, `load${blockSamples}Max`)]: quantile(1),
  };
}

/** @returns processing time of each block in milliseconds */
function measure(plugin: Plugin, signal: Float32Array, blockSamples: Samples, samples: Samples): number[] {
  const outputs = {
    speakers: Array.from({ length: plugin.speakers }, () => new Float32Array(blockSamples)),
    rest: new Float32Array(blockSamples),
    dry: new Float32Array(blockSamples),
  };
  const input = new Float32Array(blockSamples);
  const times: number[] = [];
  for (let position = 0; position < samples; position += blockSamples) {
    const start = position % (signal.length - blockSamples);
    input.set(signal.subarray(start, start + blockSamples));
    const begin = performance.now();
    plugin.process(input, outputs);
    times.push(performance.now() - begin);
  }
  return times;
}
