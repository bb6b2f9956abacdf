import { runJob } from './runJob.ts';
import { serveJobs } from './serveJobs.ts';

serveJobs(runJob);
