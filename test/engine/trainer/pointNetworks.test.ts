import { beforeAll, expect, test } from 'vitest';
import { factorizePoints } from '../../../engine/factorization/factorizePoints.ts';
import { pointDivergence } from '../../../engine/factorization/pointDivergence.ts';
import { chooseBackend } from '../../../engine/trainer/backend.ts';
import { pointNetworks } from '../../../engine/trainer/pointNetworks.ts';
import { decayingNotes } from './decayingNotes.ts';

beforeAll(async () => {
  await chooseBackend();
});

test('networks approximate the factors, and joint tuning lowers their divergence', () => {
  const points = decayingNotes();
  const factors = factorizePoints(points, 2, { spacingHertz: 25, spacingSeconds: 0.03 });
  const options = { longestQuefrencySeconds: 0.01, fastestHertz: 10, fitSteps: 300, jointSteps: 40 };
  const networks = pointNetworks(points, factors, options);
  const level = points.magnitudes.reduce((sum, value) => sum + value, 0) / points.magnitudes.length;
  expect(networks.fittedDivergence / level).toBeLessThan(0.05);
  expect(networks.divergence).toBeLessThan(networks.fittedDivergence);
  expect(pointDivergence(points, networks.templates, networks.activations)).toBeCloseTo(networks.divergence, 9);
  // The networks are defined, and positive, between and beyond the points.
  for (const value of networks.templates.sample([0, 333.3, 9000])) expect(value).toBeGreaterThan(0);
  networks.templates.dispose();
  networks.activations.dispose();
});
