import { expect, it } from 'vitest';
import { presetName } from '../../../engine/model/PresetName.ts';
import { PresetLibrary } from '../../../host/library/PresetLibrary.ts';
import { TemplateCurves } from '../../../ui/model/TemplateCurves.ts';

it('samples the same functions at any DFT size', async () => {
  const curves = new TemplateCurves((await new PresetLibrary().byName(presetName('synthetic-male'))).preset);
  const coarse = curves.sample(256, 16_000, 0.064);
  const fine = curves.sample(1024, 16_000, 0.064);
  const bins = coarse.frequenciesHertz.length;
  const fineBins = fine.frequenciesHertz.length;
  for (let template = 0; template < coarse.templates; template++) {
    // Levels are relative to the mean over the bins, which depends on the DFT size: one offset per template.
    const offsets = Array.from(
      { length: bins },
      (_, bin) => coarse.decibels[template * bins + bin]! - fine.decibels[template * fineBins + 4 * bin]!,
    );
    for (const offset of offsets) expect(Math.abs(offset - offsets[0]!)).toBeLessThan(0.01);
  }
});

it('orders all templates, each once', async () => {
  const curves = new TemplateCurves((await new PresetLibrary().byName(presetName('synthetic-male'))).preset);
  const { templates } = curves.sample(256, 16_000, 0.064);
  expect([...curves.order].sort((one, other) => one - other)).toEqual([...Array(templates).keys()]);
});
