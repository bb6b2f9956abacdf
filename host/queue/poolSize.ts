import { availableParallelism, freemem } from 'node:os';

/** Largest memory that a job took in measurements, training 60 s of speech at 48 kHz, rounded up. */
const JOB_BYTES = 700e6;
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
