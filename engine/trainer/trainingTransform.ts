import type { TrainingTransform } from '../model/Preset.ts';
import { AdaptiveStft } from '../transform/AdaptiveStft.ts';
import { ConstantQ } from '../transform/ConstantQ.ts';
import { MorseWavelet } from '../transform/MorseWavelet.ts';
import { ReassignedSpectrogram } from '../transform/ReassignedSpectrogram.ts';
import type { TimeFrequencyPoints } from '../transform/TimeFrequencyPoints.ts';
import { pointSpectra } from './pointSpectra.ts';
import { recordingSpectra, type Spectra, spectraLength } from './spectra.ts';
import type { Recording } from './speech.ts';

/** Spectra of the speech on the STFT grid of any window size; valid until the next call. */
export type SpectraAtWindow = (windowSamples: number) => Spectra;

/** Smallest hop of wavelets: half of the 8 ms between frames of the finest grid. */
const SHORTEST_HOP_SECONDS = 0.004;

/** @param windowsSamples window sizes of the grids, at least one; the adaptive STFT chooses from them */
export function trainingSpectra(
  transform: TrainingTransform,
  speech: Recording,
  windowsSamples: readonly number[],
): SpectraAtWindow {
  const { samples, sampleRateHertz } = speech;
  // The windows of these transforms do not depend on the grid, so the points are computed once.
  const gridded = (points: TimeFrequencyPoints): SpectraAtWindow => {
    return (windowSamples) => pointSpectra(points, samples.length, sampleRateHertz, windowSamples);
  };
  switch (transform) {
    case 'stft': {
      // One array for all windows, which have almost equally many values: the collector frees large arrays late.
      const memory = new Float32Array(Math.max(...windowsSamples.map((size) => spectraLength(samples.length, size))));
      return (windowSamples) => recordingSpectra(speech, windowSamples, memory);
    }
    case 'cqt':
      return gridded(new ConstantQ().points(samples, sampleRateHertz));
    case 'wavelet':
      return gridded(new MorseWavelet({ shortestHopSeconds: SHORTEST_HOP_SECONDS }).points(samples, sampleRateHertz));
    case 'adaptive':
      return gridded(new AdaptiveStft(windowsSamples).points(samples, sampleRateHertz));
    case 'reassigned':
      return (windowSamples) => {
        const points = new ReassignedSpectrogram(windowSamples).points(samples, sampleRateHertz);
        return pointSpectra(points, samples.length, sampleRateHertz, windowSamples);
      };
    case 'multi': {
      const parts = (['stft', 'cqt', 'reassigned'] as const).map((part) =>
        trainingSpectra(part, speech, windowsSamples),
      );
      return (windowSamples) =>
        joinFrames(
          windowSamples,
          parts.map((part) => part(windowSamples)),
        );
    }
  }
}

/** Concatenates the frames of spectra at the same window. */
function joinFrames(windowSamples: number, parts: readonly Spectra[]): Spectra {
  const bins = windowSamples / 2 + 1;
  const frames = parts.reduce((sum, part) => sum + part.frames, 0);
  const values = new Float32Array(frames * bins);
  let first = 0;
  for (const part of parts) {
    values.set(part.values, first);
    first += part.values.length;
  }
  return { windowSamples, frames, bins, values };
}
