import type { Samples, Seconds } from '../../../engine/core/units.ts';
import { MAGNITUDE_EXPONENT, recordingSpectra, type Spectra } from '../../../engine/trainer/spectra.ts';
import type { Recording } from '../../../engine/trainer/speech.ts';

/** Duration of the paper's training speech per speaker. */
export const PAPER_SPEECH_SECONDS: Seconds = 20;
/** Duration of the sound that the paper scales to unit energy: ten sentences of a TIMIT speaker of about 3 s. */
const UNIT_ENERGY_SECONDS: Seconds = 30;

/**
 * Computes V in the paper's units: |X|^0.5 of a unitary transform, the sound scaled to the mean power of 30 s with unit energy.
 * @param sources number of voices in the recording, each with unit energy
 */
export function paperSpectra(recording: Recording, windowSamples: Samples, sources = 1): Spectra {
  const { samples, sampleRateHertz } = recording;
  const spectra = recordingSpectra(recording, windowSamples);
  const power = samples.reduce((sum: number, sample: number) => sum + sample * sample, 0) / samples.length;
  const gain = Math.sqrt(sources / (UNIT_ENERGY_SECONDS * sampleRateHertz) / power);
  // recordingSpectra divides by sqrt(N / 2 * sample rate), the energy of a sine window of N; a unitary transform by sqrt(N).
  const scale = (gain * Math.sqrt(sampleRateHertz / 2)) ** MAGNITUDE_EXPONENT;
  for (let index = 0; index < spectra.values.length; index++) spectra.values[index]! *= scale;
  return spectra;
}
