import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';

/** Above ordinary programs, below what the system needs. */
const NICENESS = -15;

/**
 * Raises the priority of the calling thread alone: a sound library's threads may spin, and must not starve the sound server. Works on
 * Linux, where threads have numbers as processes have.
 * @returns whether the system has allowed it
 */
export function raiseThreadPriority(): boolean {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), NICENESS);
    return true;
  } catch {
    return false;
  }
}
