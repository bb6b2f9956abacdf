import { expect, it } from 'vitest';
import { maskGradients } from '../../../engine/adaptation/maskGradients.ts';
import { Random } from '../../../engine/core/Random.ts';

const BINS = 12;
const SPEAKERS = 3;
const random = new Random(3);
const draw = (minimum: number, maximum: number) =>
  Float32Array.from({ length: BINS }, () => random.between(minimum, maximum));
const models = Array.from({ length: SPEAKERS }, () => draw(0.2, 2));
const masks = {
  targets: models.map(() => Uint8Array.from(draw(0, 255))),
  weights: draw(0.1, 3),
};
const loss = (changed: readonly Float32Array[], exponent: number) =>
  maskGradients(
    changed.map((model) => model.slice()),
    masks,
    0,
    0,
    BINS,
    exponent,
    0.25,
  );

it.each([1, 2, 3])('returns the derivatives of the loss with respect to the models, exponent %s', (exponent) => {
  const gradients = models.map((model) => model.slice());
  maskGradients(gradients, masks, 0, 0, BINS, exponent, 0.25);
  const step = 2 ** -7;
  for (let s = 0; s < SPEAKERS; s++) {
    for (let bin = 0; bin < BINS; bin++) {
      const moved = (by: number) =>
        models.map((model, index) => (index === s ? model.with(bin, model[bin]! + by) : model));
      const difference = (loss(moved(step), exponent) - loss(moved(-step), exponent)) / (2 * step);
      expect(gradients[s]![bin]!).toBeCloseTo(difference, 3);
    }
  }
});

it('has the same formula for two speakers and an exponent of 2 as for others', () => {
  const two = models.slice(1);
  const targets = { ...masks, targets: masks.targets.slice(1) };
  const lossOf = (changed: readonly Float32Array[], exponent: number) =>
    maskGradients(
      changed.map((model) => model.slice()),
      targets,
      0,
      0,
      BINS,
      exponent,
      0.25,
    );
  expect(lossOf(two, 2)).toBeCloseTo(lossOf(two, 2 + 1e-9), 6);
  const [pair, general] = [2, 2 + 1e-9].map((exponent) => {
    const gradients = two.map((model) => model.slice());
    maskGradients(gradients, targets, 0, 0, BINS, exponent, 0.25);
    return gradients;
  });
  for (const s of [0, 1])
    for (let bin = 0; bin < BINS; bin++) expect(pair![s]![bin]!).toBeCloseTo(general![s]![bin]!, 6);
});

it('returns a loss of 0 for masks that match their targets', () => {
  const even = { targets: [new Uint8Array([255, 0]), new Uint8Array([0, 255])], weights: new Float32Array([1, 1]) };
  const perfect = [new Float32Array([1, 0]), new Float32Array([0, 1])];
  expect(maskGradients(perfect, even, 0, 0, 2, 2, 1)).toBeLessThan(1e-15);
});

it('rejects targets that are not as many as models', () => {
  expect(() => maskGradients(models.slice(1), masks, 0, 0, BINS, 1, 1)).toThrow(
    'targets must be as many as models, 2, got 3',
  );
});
