import type { Samples } from '../../../../engine/core/units.ts';
import { Kernel } from '../../../../engine/kernel/Kernel.ts';
import { InverseStft } from '../../../../engine/stft/InverseStft.ts';
import { Stft } from '../../../../engine/stft/Stft.ts';
import { latencySamples, type StftPlan } from '../../../../engine/stft/StftPlan.ts';
import type { SeparationMethod } from './SeparationMethod.ts';

/** Added to the denominator of the mask (-300 dB), so that silent bins do not divide by zero. */
const SILENT_POWER = 1e-30;

/** Upper bound: the ideal Wiener mask |S_s|^2 / sum over t of |S_t|^2 of the true sources, at the same window, hop and latency. */
export const oracle: SeparationMethod = {
  name: 'oracle',
  summary: 'the ideal Wiener mask of the true sources, at the same latency',
  isTrained: false,
  train: async () => ({ kind: 'untrained' }),
  separate: async ({ mixture, references }, _speakers, { plan }) => idealMask(mixture, references, plan),
};

function idealMask(mixture: Float32Array, references: readonly Float32Array[], plan: StftPlan): Float32Array[] {
  const { windows, windowSamples, hopSamples } = plan;
  const kernel = new Kernel(
    (references.length + 1) * Stft.requiredBytes(windowSamples) +
      references.length * InverseStft.requiredBytes(windowSamples),
  );
  const mixed = new Stft(kernel, windows.analysis, hopSamples);
  const latency = latencySamples(plan);
  const hops = Math.ceil((mixture.length + latency) / hopSamples);
  const paddedMixture = extended(mixture, hops * hopSamples);
  const sources = references.map((reference) => ({
    padded: extended(reference, hops * hopSamples),
    stft: new Stft(kernel, windows.analysis, hopSamples),
    inverse: new InverseStft(kernel, windows, hopSamples),
    output: new Float32Array((hops + 1) * hopSamples),
  }));
  const spectra = sources.map(({ stft }) => stft.spectrum);
  for (let hop = 0; hop < hops; hop++) {
    mixed.push(paddedMixture, hop * hopSamples, hopSamples);
    mixed.transform();
    for (const { padded, stft } of sources) {
      stft.push(padded, hop * hopSamples, hopSamples);
      stft.transform();
    }
    for (const { stft, inverse, output } of sources) {
      writeMasked(mixed.spectrum, stft.spectrum, spectra, inverse.spectrum);
      inverse.synthesize();
      output.set(inverse.output, (hop + 1) * hopSamples);
    }
  }
  return sources.map(({ output }) => output.slice(latency, latency + mixture.length));
}

/** @param source spectrum of the source to keep @param sources spectra of all sources @param masked overwritten */
function writeMasked(
  spectrum: Float32Array,
  source: Float32Array,
  sources: readonly Float32Array[],
  masked: Float32Array,
): void {
  for (let bin = 0; bin < spectrum.length / 2; bin++) {
    let total = SILENT_POWER;
    for (const each of sources) total += powerOf(each, bin);
    const gain = powerOf(source, bin) / total;
    masked[2 * bin] = spectrum[2 * bin]! * gain;
    masked[2 * bin + 1] = spectrum[2 * bin + 1]! * gain;
  }
}

function powerOf(spectrum: Float32Array, bin: number): number {
  return spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2;
}

function extended(signal: Float32Array, length: Samples): Float32Array {
  const longer = new Float32Array(length);
  longer.set(signal);
  return longer;
}
