import { allocation } from './checks/allocation.ts';
import { automation } from './checks/automation.ts';
import { blocks } from './checks/blocks.ts';
import { instances } from './checks/instances.ts';
import { invalidInput } from './checks/invalidInput.ts';
import { latency } from './checks/latency.ts';
import { reset } from './checks/reset.ts';
import { state } from './checks/state.ts';
import { swaps } from './checks/swaps.ts';
import { swapTime } from './checks/swapTime.ts';
import { time } from './checks/time.ts';
import type { Check } from './harness/Check.ts';

/** All checks, in the order of execution. */
export const CHECKS: readonly Check[] = [
  blocks,
  automation,
  swaps,
  reset,
  state,
  latency,
  instances,
  invalidInput,
  allocation,
  time,
  swapTime,
];
