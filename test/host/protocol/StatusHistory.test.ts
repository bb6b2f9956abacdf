import { expect, it } from 'vitest';
import type { StatusPoint } from '../../../host/protocol/hostMessages.ts';
import { STATUS_POINTS, StatusHistory } from '../../../host/protocol/StatusHistory.ts';
import { simulatedStatus } from '../../ui/simulatedState.ts';

function statusWith(outputGaps: number) {
  const status = simulatedStatus(1);
  return { ...status, counters: { ...status.counters, outputGaps } };
}

const problems = (history: StatusHistory) => history.points().map(([, , , hasProblem]) => hasProblem);

it('marks the points at which a problem counter has grown', () => {
  const history = new StatusHistory();
  // Earlier problems, which the first status already contains, are not marked.
  for (const gaps of [3, 3, 4, 4]) history.push(statusWith(gaps));
  expect(problems(history)).toEqual([0, 0, 1, 0]);
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
  expect(history.length).toBe(3);
  expect(problems(history)).toEqual([1, 0, 0]);
});

it('restores the points of another history, rounded to a tenth of a per mille', () => {
  const [host, panel] = [new StatusHistory(), new StatusHistory()];
  host.restore([
    [0.123_456, 12.3, 0.0321, 0],
    [0.1, 0.7, 0.04, 1],
  ]);
  const points: StatusPoint[] = [
    [0.1235, 12.3, 0.0321, 0],
    [0.1, 0.7, 0.04, 1],
  ];
  expect(host.points()).toEqual(points);
  panel.restore(host.points());
  expect(panel.points()).toEqual(points);
});

it('overwrites the oldest points when it is full', () => {
  const history = new StatusHistory();
  history.restore(Array.from({ length: STATUS_POINTS + 1 }, (_, point) => [point, 0, 0, 0] as const));
  expect(history.length).toBe(STATUS_POINTS);
  expect(history.points()[0]).toEqual([1, 0, 0, 0]);
  expect(history.median.at(STATUS_POINTS - 1)).toBe(STATUS_POINTS);
});
