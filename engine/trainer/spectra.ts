import { Kernel } from '../kernel/Kernel.ts';
import { magnitudeScale, writeMagnitudes } from '../stft/magnitudes.ts';
import { Stft } from '../stft/Stft.ts';
import { sineWindow } from '../stft/window.ts';
import type { Recording } from './speech.ts';

/** Magnitudes of a whole recording. */
export interface Spectra {
  readonly windowSamples: number;
  readonly frames: number;
  readonly bins: number;
  /** [frames x bins] */
  readonly values: Float32Array;
}

/** |X|^0.5: of the exponents tried the one that separates best, and the paper's. */
export const MAGNITUDE_EXPONENT = 0.5;

/** Sine window, hop N/2, through the STFT that runs live; frames that reach beyond the recording are left out. */
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
