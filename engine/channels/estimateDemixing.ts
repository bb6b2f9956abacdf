import { invertComplex, solveComplex } from './complexMatrix.ts';
import type { FrameSample } from './FrameSample.ts';

/** Frames from which a demixing is estimated. */
export type SampledFrames = Pick<FrameSample, 'channels' | 'bins' | 'frames' | 'frame'>;

/** Matrices that turn the channels of a recording into one signal for each channel's own voice. */
export interface Demixing {
  readonly channels: number;
  readonly bins: number;
  /** [bins][channels * channels] complex rows, interleaved: voice = row * channels; each voice at its level in its own channel. */
  readonly matrices: Float32Array;
  /** [bins][channels * channels] complex, interleaved: how each voice (column) arrives in each channel (row); 1 on the diagonal. */
  readonly bleed: Float32Array;
}

/**
 * Width of the bands, whose bins have one common level, in each iteration: wide first, so that no band exchanges two voices (with bleed of
 * -6 dB and only narrow bands one did), then narrow to follow the voices' spectra. Each width settles within four iterations.
 */
const BAND_BINS: readonly number[] = [192, 192, 192, 96, 96, 96, 96, 24, 24, 24];
/** Lower limit of a band's power, relative to its mean: keeps nearly silent frames from dominating. */
const POWER_FLOOR = 1e-4;
/** Added to the diagonal of a covariance, relative to its trace: keeps channels with the same sound from cancelling. */
const LOADING = 1e-5;

/**
 * Estimates how to remove the bleed of voices between microphones: independent vector analysis by auxiliary functions (N. Ono, "Stable and
 * fast update rules for independent vector analysis based on auxiliary function technique", WASPAA 2011), with a time-varying level in each
 * band of bins as the model of a voice. It starts from the channels themselves, in which the own voice is the loudest, so that voice n stays
 * in channel n at all frequencies.
 * @param sample frames of the recording
 */
export function estimateDemixing(sample: SampledFrames, onProgress: (fraction: number) => void = () => {}): Demixing {
  const { channels, bins } = sample;
  const size = channels * channels;
  const demixing = new Float64Array(bins * 2 * size);
  for (let bin = 0; bin < bins; bin++)
    for (let channel = 0; channel < channels; channel++) demixing[2 * (bin * size + channel * channels + channel)] = 1;
  if (sample.frames > channels) {
    for (const [iteration, bandBins] of BAND_BINS.entries()) {
      for (let first = 0; first < bins; first += bandBins)
        updateBand(sample, demixing, first, Math.min(bins, first + bandBins));
      onProgress((iteration + 1) / BAND_BINS.length);
    }
  }
  return scaled(demixing, channels, bins);
}

/** Updates the matrices of the bins of one band, voice by voice. */
function updateBand(sample: SampledFrames, demixing: Float64Array, firstBin: number, endBin: number): void {
  const { channels } = sample;
  const size = channels * channels;
  const covariance = new Float64Array(2 * size);
  for (let voice = 0; voice < channels; voice++) {
    const weights = frameWeights(sample, demixing, voice, firstBin, endBin);
    for (let bin = firstBin; bin < endBin; bin++) {
      weightedCovariance(sample, weights, bin, covariance);
      const matrix = demixing.subarray(2 * bin * size, 2 * (bin + 1) * size);
      updateRow(matrix, covariance, channels, voice);
    }
  }
}

/** @returns [frames] inverse power of a voice in a band */
function frameWeights(
  sample: SampledFrames,
  demixing: Float64Array,
  voice: number,
  firstBin: number,
  endBin: number,
): Float64Array {
  const { channels, bins, frames } = sample;
  const powers = new Float64Array(frames);
  let total = 0;
  for (let index = 0; index < frames; index++) {
    const frame = sample.frame(index);
    let power = 0;
    for (let bin = firstBin; bin < endBin; bin++) {
      let re = 0;
      let im = 0;
      for (let channel = 0; channel < channels; channel++) {
        const w = 2 * (bin * channels * channels + voice * channels + channel);
        const x = 2 * (channel * bins + bin);
        re += demixing[w]! * frame[x]! - demixing[w + 1]! * frame[x + 1]!;
        im += demixing[w]! * frame[x + 1]! + demixing[w + 1]! * frame[x]!;
      }
      power += re * re + im * im;
    }
    powers[index] = power / (endBin - firstBin);
    total += powers[index]!;
  }
  const floor = (POWER_FLOOR * total) / frames + Number.MIN_VALUE;
  for (let index = 0; index < frames; index++) powers[index] = 1 / Math.max(powers[index]!, floor);
  return powers;
}

/** Writes V = mean of weight * x * x^H over the frames. */
function weightedCovariance(sample: SampledFrames, weights: Float64Array, bin: number, covariance: Float64Array): void {
  const { channels, bins, frames } = sample;
  covariance.fill(0);
  for (let index = 0; index < frames; index++) {
    const frame = sample.frame(index);
    const weight = weights[index]!;
    for (let row = 0; row < channels; row++) {
      const x = 2 * (row * bins + bin);
      const re = weight * frame[x]!;
      const im = weight * frame[x + 1]!;
      for (let column = 0; column <= row; column++) {
        const y = 2 * (column * bins + bin);
        const at = 2 * (row * channels + column);
        covariance[at]! += re * frame[y]! + im * frame[y + 1]!;
        covariance[at + 1]! += im * frame[y]! - re * frame[y + 1]!;
      }
    }
  }
  let trace = 0;
  for (let row = 0; row < channels; row++) trace += covariance[2 * (row * channels + row)]!;
  for (let row = 0; row < channels; row++) {
    covariance[2 * (row * channels + row)]! += LOADING * trace + Number.MIN_VALUE;
    for (let column = 0; column < row; column++) {
      const lower = 2 * (row * channels + column);
      const upper = 2 * (column * channels + row);
      covariance[upper] = covariance[lower]!;
      covariance[upper + 1] = -covariance[lower + 1]!;
    }
  }
  for (let n = 0; n < covariance.length; n++) covariance[n]! /= frames;
}

/** Iterative projection: w = (W V)^-1 e_voice, divided by sqrt(w^H V w); the row of W is w^H. */
function updateRow(matrix: Float64Array, covariance: Float64Array, channels: number, voice: number): void {
  const product = new Float64Array(matrix.length);
  for (let row = 0; row < channels; row++) {
    for (let column = 0; column < channels; column++) {
      let re = 0;
      let im = 0;
      for (let k = 0; k < channels; k++) {
        const a = 2 * (row * channels + k);
        const b = 2 * (k * channels + column);
        re += matrix[a]! * covariance[b]! - matrix[a + 1]! * covariance[b + 1]!;
        im += matrix[a]! * covariance[b + 1]! + matrix[a + 1]! * covariance[b]!;
      }
      product[2 * (row * channels + column)] = re;
      product[2 * (row * channels + column) + 1] = im;
    }
  }
  const w = new Float64Array(2 * channels);
  w[2 * voice] = 1;
  solveComplex(product, w, channels);
  let power = 0;
  for (let row = 0; row < channels; row++) {
    for (let column = 0; column < channels; column++) {
      const at = 2 * (row * channels + column);
      const re = w[2 * row]! * w[2 * column]! + w[2 * row + 1]! * w[2 * column + 1]!;
      const im = w[2 * row]! * w[2 * column + 1]! - w[2 * row + 1]! * w[2 * column]!;
      power += re * covariance[at]! - im * covariance[at + 1]!;
    }
  }
  const scale = 1 / Math.sqrt(Math.max(power, Number.MIN_VALUE));
  if (!Number.isFinite(scale)) return;
  for (let column = 0; column < channels; column++) {
    matrix[2 * (voice * channels + column)] = scale * w[2 * column]!;
    matrix[2 * (voice * channels + column) + 1] = -scale * w[2 * column + 1]!;
  }
}

/**
 * Larger elements amplify what is equal in all channels, or attribute it to one voice: then the channels cannot be told apart in a bin, which
 * stays as it is.
 */
const LARGEST_ELEMENT = 30;

/** Scales each voice to its level in its own channel: with A the inverse of W, row n of W is multiplied by A[n][n]. */
function scaled(demixing: Float64Array, channels: number, bins: number): Demixing {
  const length = 2 * channels * channels;
  const matrices = new Float32Array(bins * length);
  const bleed = new Float32Array(bins * length);
  const mixing = new Float64Array(length);
  for (let bin = 0; bin < bins; bin++) {
    const matrix = demixing.subarray(bin * length, (bin + 1) * length);
    invertComplex(matrix, mixing, channels);
    for (let voice = 0; voice < channels; voice++) {
      const own = 2 * (voice * channels + voice);
      const re = mixing[own]!;
      const im = mixing[own + 1]!;
      const power = Math.max(re * re + im * im, Number.MIN_VALUE);
      for (let channel = 0; channel < channels; channel++) {
        const row = 2 * (voice * channels + channel);
        matrices[bin * length + row] = re * matrix[row]! - im * matrix[row + 1]!;
        matrices[bin * length + row + 1] = re * matrix[row + 1]! + im * matrix[row]!;
        const column = 2 * (channel * channels + voice);
        bleed[bin * length + column] = (mixing[column]! * re + mixing[column + 1]! * im) / power;
        bleed[bin * length + column + 1] = (mixing[column + 1]! * re - mixing[column]! * im) / power;
      }
    }
  }
  for (let bin = 0; bin < bins; bin++) {
    const matrix = matrices.subarray(bin * length, (bin + 1) * length);
    const arrival = bleed.subarray(bin * length, (bin + 1) * length);
    const isPlausible = (element: number) => Math.abs(element) <= LARGEST_ELEMENT;
    if (matrix.every(isPlausible) && arrival.every(isPlausible)) continue;
    setIdentity(matrix, channels);
    setIdentity(arrival, channels);
  }
  return { channels, bins, matrices, bleed };
}

function setIdentity(matrix: Float32Array, channels: number): void {
  matrix.fill(0);
  for (let channel = 0; channel < channels; channel++) matrix[2 * (channel * channels + channel)] = 1;
}
