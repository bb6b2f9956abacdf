import { expect, it } from 'vitest';
import { NO_COUNTS } from '../../../host/session/liveCounters.ts';
import { uncausedRestarts } from './uncausedRestarts.ts';

const TRIALS = [
  { second: 0, name: 'nothing' },
  { second: 1, name: 'killed', fault: 'die' },
  { second: 2, name: 'paused', fault: 'pause' },
] as const;
const at = (engineRestarts: number, restarts = 0) => ({ ...NO_COUNTS, engineRestarts, restarts });

it('a fault that ends the engine accounts for one restart', () => {
  expect(uncausedRestarts(TRIALS, [at(0), at(0), at(1), at(1)])).toBe(0);
  expect(uncausedRestarts(TRIALS, [at(0), at(0), at(2), at(2)])).toBe(1);
});

it('restarts during other trials, and of devices, count', () => {
  expect(uncausedRestarts(TRIALS, [at(0), at(1), at(2), at(3)])).toBe(2);
  expect(uncausedRestarts(TRIALS, [at(0), at(0), at(1), at(1, 1)])).toBe(1);
});
