import { serveJobs } from '../queue/serveJobs.ts';
import { runEvaluateJob } from './evaluateJob.ts';
import { runSeparateJob } from './separateJob.ts';
import { runTrainJob } from './trainJob.ts';

serveJobs({ train: runTrainJob, separate: runSeparateJob, evaluate: runEvaluateJob });
