import { Float64Fft } from '../../../engine/evaluation/Float64Fft.ts';

/**
 * Convolves by overlap-add.
 * @param response [taps] finite impulse response
 * @returns [samples] as long as the signal: what would follow its end is cut
 */
export function convolve(signal: Float32Array, response: Float32Array): Float32Array {
  const sizeSamples = 2 ** Math.ceil(Math.log2(4 * response.length));
  const blockSamples = sizeSamples - response.length + 1;
  const fft = new Float64Fft(sizeSamples);
  fft.samples.fill(0);
  fft.samples.set(response);
  fft.forward();
  const transfer = fft.spectrum.slice();
  const output = new Float32Array(signal.length);
  for (let start = 0; start < signal.length; start += blockSamples) {
    fft.samples.fill(0);
    fft.samples.set(signal.subarray(start, start + blockSamples));
    fft.forward();
    multiply(fft.spectrum, transfer);
    fft.inverse();
    const count = Math.min(sizeSamples, output.length - start);
    for (let n = 0; n < count; n++) output[start + n]! += fft.samples[n]!;
  }
  return output;
}

/** Multiplies interleaved complex spectra in place. */
function multiply(spectrum: Float64Array, factor: Float64Array): void {
  for (let k = 0; k < spectrum.length; k += 2) {
    const re = spectrum[k]! * factor[k]! - spectrum[k + 1]! * factor[k + 1]!;
    spectrum[k + 1] = spectrum[k]! * factor[k + 1]! + spectrum[k + 1]! * factor[k]!;
    spectrum[k] = re;
  }
}
