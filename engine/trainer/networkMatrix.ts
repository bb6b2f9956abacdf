import type { Hertz } from '../core/units.ts';
import { normalizeRows } from '../model/normalizeRows.ts';
import type { TemplateNetwork } from '../network/TemplateNetwork.ts';
import type { TemplateMatrix } from './resampleTemplates.ts';

/** Samples a network's templates for a sine window of `windowSamples`. @returns rows with mean 1 */
export function networkMatrix(network: TemplateNetwork, windowSamples: number, sampleRateHertz: Hertz): TemplateMatrix {
  const bins = windowSamples / 2 + 1;
  const frequenciesHertz = Float64Array.from({ length: bins }, (_, bin) => (bin * sampleRateHertz) / windowSamples);
  const values = normalizeRows(network.sample(frequenciesHertz, windowSamples / sampleRateHertz), bins);
  return { windowSamples, templates: network.templates, values };
}
