import type { Samples } from '../core/units.ts';
import { Kernel } from '../kernel/Kernel.ts';
import { magnitudeScale, writeMagnitudes } from '../stft/magnitudes.ts';
import { Stft } from '../stft/Stft.ts';
import { sineWindow } from '../stft/window.ts';
import type { Recording } from './speech.ts';

/** Magnitude spectra of a whole recording. */
export interface Spectra {
  readonly windowSamples: number;
  readonly frames: number;
  readonly bins: number;
  /** [frames x bins] |X|^0.5, normalised by the window */
  readonly values: Float32Array;
}

/** |X|^0.5: the exponent with the best separation of those tried, and that of the paper. */
export const MAGNITUDE_EXPONENT = 0.5;

/** Number of values in `recordingSpectra` of so many samples. */
export function spectraLength(samples: Samples, windowSamples: Samples): number {
  return frameCount(samples, windowSamples) * (windowSamples / 2 + 1);
}

/**
 * Analyses a recording with a sine window and a hop of half a window. Frames that extend beyond the recording are omitted.
 * @param memory used for the values if it is large enough. @default a new array
 */
export function recordingSpectra(recording: Recording, windowSamples: number, memory?: Float32Array): Spectra {
  const { samples, sampleRateHertz } = recording;
  const hopSamples = windowSamples / 2;
  const window = sineWindow(windowSamples);
  const stft = new Stft(new Kernel(Stft.requiredBytes(windowSamples)), window, hopSamples);
  const scale = magnitudeScale(window, sampleRateHertz);
  const bins = windowSamples / 2 + 1;
  const frames = frameCount(samples.length, windowSamples);
  const length = frames * bins;
  const values =
    memory !== undefined && memory.length >= length ? memory.subarray(0, length) : new Float32Array(length);
  for (let hop = 0; hop <= frames; hop++) {
    stft.push(samples, hop * hopSamples, hopSamples);
    stft.transform();
    if (hop > 0) writeMagnitudes(stft.spectrum, scale, MAGNITUDE_EXPONENT, values, (hop - 1) * bins);
  }
  return { windowSamples, frames, bins, values };
}

function frameCount(samples: Samples, windowSamples: Samples): number {
  return Math.max(0, Math.floor(samples / (windowSamples / 2)) - 1);
}
