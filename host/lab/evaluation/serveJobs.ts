import { serveThread } from '../../rpc/serveThread.ts';

/** What a worker of a WorkerPool answers. */
export interface JobRequests<Job, Answer> {
  readonly run: { readonly argument: Job; readonly answer: Answer };
}

/** Answers every job that a WorkerPool sends to this worker thread. */
export function serveJobs<Job, Answer>(run: (job: Job) => Promise<Answer>): void {
  serveThread<JobRequests<Job, Answer>>({ run });
}
