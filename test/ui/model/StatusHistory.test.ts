import { expect, it } from 'vitest';
import { STATUS_POINTS, StatusHistory } from '../../../ui/model/StatusHistory.ts';
import { simulatedStatus } from '../simulatedState.ts';

function statusWith(outputGaps: number) {
  const status = simulatedStatus(1);
  return { ...status, counters: { ...status.counters, outputGaps } };
}

it('marks the points at which a problem counter has grown', () => {
  const history = new StatusHistory();
  // Earlier problems, which the first status already contains, are not marked.
  for (const gaps of [3, 3, 4, 4]) history.push(statusWith(gaps));
  expect([...history.hasProblem.subarray(0, history.count)]).toEqual([0, 0, 1, 0]);
  expect(history.hadProblemWithin(1)).toBe(false);
  expect(history.hadProblemWithin(2)).toBe(true);
});

it('continues after the history that the host sends', () => {
  const history = new StatusHistory();
  history.push(statusWith(0));
  history.restore([
    [0.1, 0.2, 0.03, 1],
    [0.2, 0.4, 0.03, 0],
  ]);
  history.push(statusWith(9));
  expect(history.count).toBe(3);
  expect([...history.hasProblem.subarray(0, 3)]).toEqual([1, 0, 0]);
});

it('overwrites the oldest points when it is full', () => {
  const history = new StatusHistory();
  history.restore(Array.from({ length: STATUS_POINTS + 1 }, (_, point) => [point, 0, 0, 0] as const));
  expect(history.median[0]).toBe(STATUS_POINTS);
  expect(history.median[1]).toBe(1);
});
