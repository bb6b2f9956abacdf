import type { CoordinateFunctions } from './CoordinateBasis.ts';
import { CoordinateRows } from './CoordinateRows.ts';
import { klDivergenceTerm, MODEL_FLOOR } from './divergence.ts';
import type { MagnitudePoints } from './MagnitudePoints.ts';

/**
 * Mean Kullback-Leibler divergence per point between magnitudes and model, in the units of the magnitudes. The model is evaluated at the
 * coordinates of each point (rounded only if there are more than 65,536 distinct ones).
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
    divergence += klDivergenceTerm(value, model);
  });
  return divergence / points.magnitudes.length;
}
