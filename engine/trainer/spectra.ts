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

/** Analyses a recording with a sine window and a hop of half a window. Frames that extend beyond the recording are omitted. */
export function recordingSpectra(recording: Recording, windowSamples: number): Spectra {
  const { samples, sampleRateHertz } = recording;
  const hopSamples = windowSamples / 2;
  const window = sineWindow(windowSamples);
  const stft = new Stft(new Kernel(Stft.requiredBytes(windowSamples)), window, hopSamples);
  const scale = magnitudeScale(window, sampleRateHertz);
  const bins = windowSamples / 2 + 1;
  const frames = Math.max(0, Math.floor(samples.length / hopSamples) - 1);
  const values = new Float32Array(frames * bins);
  for (let hop = 0; hop <= frames; hop++) {
    stft.push(samples, hop * hopSamples, hopSamples);
    stft.transform();
    if (hop > 0) writeMagnitudes(stft.spectrum, scale, MAGNITUDE_EXPONENT, values, (hop - 1) * bins);
  }
  return { windowSamples, frames, bins, values };
}
