import type { LiveCounters } from '../../../host/protocol/LiveState.ts';
import type { Trial } from './trials.ts';

/** Faults after which the supervisor must restart the engine. */
const RESTARTING: readonly Trial['fault'][] = ['die', 'hang', 'suspend'];

/**
 * Number of restarts of the engine and of the devices that no fault of the test caused. A fault accounts for one restart of the engine, until
 * the next trial.
 * @param counters at the start of each trial, and at the end
 */
export function uncausedRestarts(trials: readonly Trial[], counters: readonly LiveCounters[]): number {
  let restarts = 0;
  for (const [index, { fault }] of trials.entries()) {
    const before = counters[index];
    const after = counters[index + 1];
    if (before === undefined || after === undefined) throw new Error(`no counters of trial ${index + 1}`);
    const caused = RESTARTING.includes(fault) ? 1 : 0;
    restarts += Math.max(0, after.engineRestarts - before.engineRestarts - caused) + after.restarts - before.restarts;
  }
  return restarts;
}
