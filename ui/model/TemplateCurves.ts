import type { Hertz, Seconds } from '../../engine/core/units.ts';
import { normalizeRows } from '../../engine/model/normalizeRows.ts';
import { type Preset, presetNetwork } from '../../engine/model/Preset.ts';
import type { TemplateNetwork } from '../../engine/network/TemplateNetwork.ts';

/** A speaker's templates, sampled at the bins of one DFT. */
export interface SampledTemplates {
  readonly frequenciesHertz: Float64Array;
  readonly templates: number;
  /** [templates x bins] decibels relative to the template's mean */
  readonly decibels: Float32Array;
}

/** A preset's templates as functions of frequency, which can be sampled for any DFT size. */
export class TemplateCurves {
  readonly bandwidthHertz: Hertz;
  /** [templates] template indices, ascending by their spectral centroid on a logarithmic frequency axis. */
  readonly order: Uint16Array;
  private readonly network: TemplateNetwork;

  constructor(preset: Preset) {
    this.network = presetNetwork(preset);
    this.bandwidthHertz = preset.bandwidthHertz;
    this.order = this.orderByCentroid();
  }

  /**
   * @param windowSamples DFT size; bins are sampleRateHertz / windowSamples apart
   * @param durationSeconds length of the sine window whose main lobe smooths the spectrum
   */
  sample(windowSamples: number, sampleRateHertz: Hertz, durationSeconds: Seconds): SampledTemplates {
    const binHertz = sampleRateHertz / windowSamples;
    const bins = Math.floor(Math.min(this.bandwidthHertz, sampleRateHertz / 2) / binHertz) + 1;
    const frequenciesHertz = Float64Array.from({ length: bins }, (_, bin) => bin * binHertz);
    const values = normalizeRows(this.network.sample(frequenciesHertz, durationSeconds), bins);
    return {
      frequenciesHertz,
      templates: this.network.templates,
      decibels: values.map((value) => 20 * Math.log10(Math.max(1e-6, value))),
    };
  }

  private orderByCentroid(): Uint16Array {
    const { frequenciesHertz, templates, decibels } = this.sample(256, 2 * this.bandwidthHertz, 0.064);
    const bins = frequenciesHertz.length;
    const centroids = Float64Array.from({ length: templates }, (_, template) => {
      let [total, moment] = [0, 0];
      for (let bin = 1; bin < bins; bin++) {
        const power = 10 ** (decibels[template * bins + bin]! / 10);
        total += power;
        moment += power * Math.log(frequenciesHertz[bin]!);
      }
      return moment / total;
    });
    return Uint16Array.from(centroids.keys()).sort((one, other) => centroids[one]! - centroids[other]!);
  }
}
