import type { Job } from './Job.ts';
import type { JobResult } from './results.ts';

/** Start data of a job thread. */
export interface JobThreadConfig {
  /** As `openStorage` reads it; null: the disk of the current folder. */
  readonly storage: string | null;
  /** Folder for what jobs of the same speakers share; ends with the pool. */
  readonly cacheFolder: string;
}

/** What a job thread answers. */
export interface JobRequests {
  readonly run: {
    readonly argument: {
      readonly job: Job;
      /** Empty folder of the job, removed by the sender. */
      readonly folder: string;
    };
    /** fraction done, 0 to 1 */
    readonly progress: number;
    readonly answer: JobResult;
  };
}
