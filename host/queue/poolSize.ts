import { availableParallelism, freemem } from 'node:os';

/**
 * Memory of one job. Training from 70 s of sound at 48 kHz took 257 MB, the program included; rounded up, since finding the voices in
 * hours of sound has not been measured.
 */
const JOB_BYTES = 400e6;
/** Part of the free memory that jobs may take. */
const USED_SHARE = 0.8;

/**
 * Number of jobs that run at once: one for each core, as far as they fit in the free memory of the machine, or of the container.
 * @param memoryBytes free memory
 */
export function poolSize(cores = availableParallelism(), memoryBytes = freeBytes()): number {
  return Math.max(1, Math.min(cores, Math.floor((USED_SHARE * memoryBytes) / JOB_BYTES)));
}

function freeBytes(): number {
  // 0, or more than there is: no limit is set.
  const limit = process.constrainedMemory();
  const free = freemem();
  return limit > 0 ? Math.min(free, limit - process.memoryUsage.rss()) : free;
}
