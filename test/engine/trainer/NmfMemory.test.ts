import { expect, test } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { NmfMemory } from '../../../engine/trainer/NmfMemory.ts';
import type { Spectra } from '../../../engine/trainer/spectra.ts';
import { fixedTemplateDivergence, learnTemplates } from '../../../engine/trainer/TemplateChain.ts';

const TEMPLATES = 6;
const random = new Random(1);

function spectraOf(windowSamples: number, frames: number): Spectra {
  const bins = windowSamples / 2 + 1;
  return { windowSamples, frames, bins, values: Float32Array.from({ length: frames * bins }, () => random.uniform()) };
}

function startOf({ windowSamples, bins }: Spectra) {
  const values = Float32Array.from({ length: TEMPLATES * bins }, () => random.between(0.5, 1.5));
  return { windowSamples, templates: TEMPLATES, values };
}

test('results do not depend on what the memory was used for before', () => {
  const memory = new NmfMemory();
  // Larger and smaller ones in turn, with frames and bins that need padding.
  for (const [windowSamples, frames] of [
    [256, 41],
    [64, 97],
    [512, 23],
    [128, 10],
  ] as const) {
    const spectra = spectraOf(windowSamples, frames);
    const start = startOf(spectra);
    expect(learnTemplates(spectra, start, 10, memory)).toEqual(learnTemplates(spectra, start, 10));
    expect(fixedTemplateDivergence(spectra, start, 10, memory)).toBe(fixedTemplateDivergence(spectra, start, 10));
  }
});
