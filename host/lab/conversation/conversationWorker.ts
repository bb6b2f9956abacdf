import { runJob } from '../evaluation/runJob.ts';
import { serveJobs } from '../evaluation/serveJobs.ts';
import type { ConversationAnswer, ConversationJob } from './conversationMessages.ts';
import { runConversation } from './runConversation.ts';

serveJobs(
  (job: ConversationJob): Promise<ConversationAnswer> => (job.type === 'converse' ? runConversation(job) : runJob(job)),
);
