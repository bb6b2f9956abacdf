// Loaded into each process and thread of the program (NODE_OPTIONS=--import=...). While there is a file "resting", collects garbage every few
// seconds and records the memory still in use; only memory that is not garbage can leak. Takes a heap snapshot whenever the number in the
// file "snapshots" has changed.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getHeapCodeStatistics, setFlagsFromString, writeHeapSnapshot } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread, threadId, workerData } from 'node:worker_threads';

const folder = process.env.UNMINGLE_SOAK_PROBE;
const EVERY_MILLISECONDS = 3_000;

if (folder !== undefined) {
  const path = join(folder, 'probe.jsonl');
  const resting = join(folder, 'resting');
  const request = join(folder, 'snapshots');
  const asked = () => (existsSync(request) ? readFileSync(request, 'utf8') : '0');
  let taken = asked();
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const isEngine = !isMainThread && workerData?.metrics !== undefined;
  const thread = isEngine ? `engine ${threadId}` : `thread ${threadId}`;
  const role = isMainThread ? (process.send === undefined ? 'session' : 'devices') : thread;
  const sample = () => {
    if (!existsSync(resting)) return;
    collect();
    const { heapUsed, external } = process.memoryUsage();
    const { code_and_metadata_size, bytecode_and_metadata_size } = getHeapCodeStatistics();
    const code = code_and_metadata_size + bytecode_and_metadata_size;
    const figures = { milliseconds: Date.now(), processId: process.pid, role, data: heapUsed + external - code, code };
    const handles = isMainThread ? process.getActiveResourcesInfo().length : 0;
    appendFileSync(path, `${JSON.stringify({ ...figures, handles })}\n`);
    // A snapshot would stop the engine for longer than its supervisor waits, and the devices for longer than a sound card does.
    if (isEngine || role === 'devices' || asked() === taken) return;
    taken = asked();
    writeHeapSnapshot(join(folder, `${taken}-${process.pid}-${threadId}.heapsnapshot`));
  };
  if (isEngine) {
    // The engine thread runs no timers, but waits for sound in Atomics.wait some hundred times a second.
    const { wait } = Atomics;
    let last = Date.now();
    Atomics.wait = (...words) => {
      if (Date.now() - last > EVERY_MILLISECONDS) {
        last = Date.now();
        sample();
      }
      return wait(...words);
    };
  } else setInterval(sample, EVERY_MILLISECONDS).unref();
}
