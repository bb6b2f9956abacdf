import type { Check } from '../Check.ts';
import { allocation } from './allocation.ts';
import { automation } from './automation.ts';
import { blocks } from './blocks.ts';
import { instances } from './instances.ts';
import { invalidInput } from './invalidInput.ts';
import { latency } from './latency.ts';
import { reset } from './reset.ts';
import { state } from './state.ts';
import { swaps } from './swaps.ts';
import { time } from './time.ts';

/** All, in the order in which they are run. */
export const CHECKS: readonly Check[] = [
  ...[blocks, automation, swaps, reset, state, latency, instances, invalidInput],
  ...[allocation, time],
];
