import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';

/** Above ordinary programs, below system services. */
const RAISED_NICENESS = -15;
/** Below everything that a user waits for. */
const LOWERED_NICENESS = 10;

/**
 * Raises the priority of the calling thread only: a sound library's threads may spin and must not starve the sound server. Linux only, where
 * threads have process ids.
 * @returns false if the system does not allow it
 */
export function raiseThreadPriority(): boolean {
  return setNiceness(RAISED_NICENESS);
}

/** Lowers the priority of the calling thread, for background work. @returns false if the system does not allow it */
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
