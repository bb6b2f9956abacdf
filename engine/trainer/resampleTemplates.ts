import { Kernel } from '../kernel/Kernel.ts';
import { RealFft } from '../kernel/RealFft.ts';
import { sineWindowAutocorrelation } from '../network/features.ts';

/** Templates of a speaker as a matrix, valid for one window size. */
export interface TemplateMatrix {
  readonly windowSamples: number;
  readonly templates: number;
  /** [templates x (windowSamples / 2 + 1)] */
  readonly values: Float32Array;
}

/** Converts templates to another window size at the same sample rate, as a starting point for multiplicative updates there. */
export function resampleTemplates(matrix: TemplateMatrix, windowSamples: number): TemplateMatrix {
  const source = windowSamples < matrix.windowSamples ? smearTemplates(matrix, windowSamples) : matrix;
  return interpolateTemplates(source, windowSamples);
}

/** Interpolates templates linearly over frequency in hertz. */
export function interpolateTemplates(matrix: TemplateMatrix, windowSamples: number): TemplateMatrix {
  const { templates } = matrix;
  const bins = windowSamples / 2 + 1;
  const values = new Float32Array(templates * bins);
  for (let template = 0; template < templates; template++) {
    for (let bin = 0; bin < bins; bin++) {
      values[template * bins + bin] = interpolate(matrix, template, (bin * matrix.windowSamples) / windowSamples);
    }
  }
  return { windowSamples, templates, values };
}

/** Value of a template between its bins, linearly interpolated. @param position in bins of the matrix */
export function interpolate(matrix: TemplateMatrix, template: number, position: number): number {
  const bins = matrix.windowSamples / 2 + 1;
  const lower = Math.min(Math.max(0, Math.floor(position)), bins - 2);
  const fraction = Math.min(1, Math.max(0, position - lower));
  const low = matrix.values[template * bins + lower]!;
  const high = matrix.values[template * bins + lower + 1]!;
  return low + (high - low) * fraction;
}

/**
 * Smears templates as a shorter window would: multiplies their inverse transform by the ratio of the autocorrelations of the two windows.
 * The number of bins is unchanged; only the resolution is reduced.
 */
function smearTemplates(matrix: TemplateMatrix, windowSamples: number): TemplateMatrix {
  const { templates, windowSamples: sourceSamples } = matrix;
  const bins = sourceSamples / 2 + 1;
  const fft = new RealFft(new Kernel(RealFft.requiredBytes(sourceSamples)), sourceSamples);
  const values = new Float32Array(matrix.values.length);
  for (let template = 0; template < templates; template++) {
    for (let bin = 0; bin < bins; bin++) {
      fft.spectrum[2 * bin] = matrix.values[template * bins + bin]!;
      fft.spectrum[2 * bin + 1] = 0;
    }
    fft.inverse();
    for (let n = 0; n < sourceSamples; n++) {
      const lag = Math.min(n, sourceSamples - n);
      const target = sineWindowAutocorrelation(lag / windowSamples);
      fft.samples[n]! *= target > 0 ? target / sineWindowAutocorrelation(lag / sourceSamples) : 0;
    }
    fft.forward();
    for (let bin = 0; bin < bins; bin++) values[template * bins + bin] = Math.max(0, fft.spectrum[2 * bin]!);
  }
  return { windowSamples: sourceSamples, templates, values };
}
