import { expect, it } from 'vitest';
import { STAGES } from '../../../../engine/separator/StageProbe.ts';
import { StageClock } from '../../../../host/lab/bench/StageClock.ts';

it('each stage lasts from the mark before it to its own; stages that did not run have no duration', () => {
  const clock = new StageClock();
  const start = performance.now();
  clock.start();
  const end = performance.now() + 3;
  while (performance.now() < end);
  clock.mark('buffering');
  clock.mark('analysis');
  const elapsed = performance.now() - start;
  const { buffering, analysis } = clock.milliseconds;
  expect(buffering).toBeGreaterThan(2.5);
  expect(analysis).toBeLessThan(buffering);
  expect(buffering + analysis).toBeLessThanOrEqual(elapsed);
  expect(STAGES.filter((stage) => Number.isNaN(clock.milliseconds[stage]))).toEqual(STAGES.slice(2));
  clock.start();
  expect(STAGES.every((stage) => Number.isNaN(clock.milliseconds[stage]))).toBe(true);
});
