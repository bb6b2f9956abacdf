import type { CoordinateFunctions } from './CoordinateBasis.ts';
import { CoordinateRows } from './CoordinateRows.ts';
import type { MagnitudePoints } from './MagnitudePoints.ts';

/** Below this a model counts as silence. */
const MODEL_FLOOR = 1e-12;

/**
 * Mean over points of v log(v / m) - v + m, in the units of v, where m is the product of both factors at each point's own place
 * (rounded only where there are more than 65,536 different ones).
 */
export function pointDivergence(
  points: MagnitudePoints,
  templates: CoordinateFunctions,
  activations: CoordinateFunctions,
): number {
  const frequency = new CoordinateRows(points.frequenciesHertz);
  const time = new CoordinateRows(points.timesSeconds);
  const rank = templates.count;
  const w = templates.sample(frequency.coordinates);
  const h = activations.sample(time.coordinates);
  let divergence = 0;
  points.magnitudes.forEach((value, point) => {
    let model = MODEL_FLOOR;
    for (let k = 0; k < rank; k++) {
      model += w[k * frequency.rows + frequency.rowOf[point]!]! * h[k * time.rows + time.rowOf[point]!]!;
    }
    divergence += (value > 0 ? value * Math.log(value / model) : 0) - value + model;
  });
  return divergence / points.magnitudes.length;
}
