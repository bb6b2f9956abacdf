// A worker process of small jobs: node smallWorker.mjs REDIS_URL STORAGE JOBS LEASE_SECONDS
import { connectQueue } from '../../../dist/host/queue/bullmq.js';
import { JobThreads } from '../../../dist/host/queue/JobThreads.js';
import { QueueWorker } from '../../../dist/host/queue/QueueWorker.js';

const [queue, storage, jobs, leaseSeconds] = process.argv.slice(2);
const url = new URL('./smallJobWorker.mjs', import.meta.url);
const print = (text) => process.stdout.write(`${text}\n`);
const connection = await connectQueue(queue, print);
const worker = new QueueWorker(connection, new JobThreads({ url, size: Number(jobs), storage }), {
  leaseSeconds: Number(leaseSeconds),
  onEnd: print,
});
await worker.waitUntilReady();
print('ready');
process.on('SIGTERM', () => void worker.close().then(() => process.disconnect?.()));
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ bytes: process.memoryUsage.rss(), processorSeconds: (user + system) / 1e6 });
});
