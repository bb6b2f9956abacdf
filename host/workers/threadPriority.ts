import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';

/** Above ordinary programs, below what the system needs. */
const RAISED_NICENESS = -15;
/** Behind all that anybody waits for. */
const LOWERED_NICENESS = 10;

/**
 * Raises the priority of the calling thread alone: a sound library's threads may spin, and must not starve the sound server. Works on
 * Linux, where threads have numbers as processes have.
 * @returns whether the system has allowed it
 */
export function raiseThreadPriority(): boolean {
  return setNiceness(RAISED_NICENESS);
}

/** As `raiseThreadPriority`, for work that may take its time. */
export function lowerThreadPriority(): boolean {
  return setNiceness(LOWERED_NICENESS);
}

function setNiceness(niceness: number): boolean {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), niceness);
    return true;
  } catch {
    return false;
  }
}
