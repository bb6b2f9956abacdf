/**
 * Multiplies the spectra of the channels by a demixing, bin by bin.
 * @param matrices [bins][voices x channels] complex, as `Demixing.matrices`; voices are as many as channels
 * @param spectra [channels][2 * bins, or more] interleaved real and imaginary parts
 * @param voices [channels][2 * bins, or more] overwritten up to `bins`
 * @thread audio. Allocates nothing.
 */
export function applyDemixing(
  matrices: Float32Array,
  bins: number,
  spectra: readonly Float32Array[],
  voices: readonly Float32Array[],
): void {
  const channels = spectra.length;
  for (let voice = 0; voice < channels; voice++) {
    const spectrum = voices[voice]!;
    for (let bin = 0; bin < bins; bin++) {
      let re = 0;
      let im = 0;
      for (let channel = 0; channel < channels; channel++) {
        const w = 2 * ((bin * channels + voice) * channels + channel);
        const xRe = spectra[channel]![2 * bin]!;
        const xIm = spectra[channel]![2 * bin + 1]!;
        re += matrices[w]! * xRe - matrices[w + 1]! * xIm;
        im += matrices[w]! * xIm + matrices[w + 1]! * xRe;
      }
      spectrum[2 * bin] = re;
      spectrum[2 * bin + 1] = im;
    }
  }
}
