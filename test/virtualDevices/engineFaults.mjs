// Causes faults on request. Loaded before the program (NODE_OPTIONS=--import=...) in each of its processes and threads. In the folder
// UNMINGLE_TEST_FAULTS, a file named after a fault makes the engine thread fail once; "steal" slows the engine down by the share of
// processor time that it holds (per frame of 8 ms); while "full" exists, the disk is full.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { isMainThread, workerData } from 'node:worker_threads';

const folder = process.env.UNMINGLE_TEST_FAULTS;
const happens = (fault) => {
  const path = join(folder, fault);
  if (!existsSync(path)) return false;
  rmSync(path, { force: true });
  return true;
};
const sleep = (milliseconds) => wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
const { wait } = Atomics;

function fail() {
  if (happens('die')) throw new Error('a fault of the test');
  if (happens('hang')) sleep(Number.POSITIVE_INFINITY);
  if (happens('spin')) while (true);
  if (happens('pause')) sleep(150);
  if (happens('suspend')) sleep(1000);
}

const FRAME_MILLISECONDS = 8;
const LOOK_MILLISECONDS = 50;
let share = 0;
let nextLook = 0;
function steal() {
  const start = performance.now();
  if (start > nextLook) {
    const path = join(folder, 'steal');
    share = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
    nextLook = start + LOOK_MILLISECONDS;
  }
  while (performance.now() < start + share * FRAME_MILLISECONDS);
}

if (folder !== undefined && !isMainThread && workerData?.metrics !== undefined) {
  // The engine waits for input here some hundred times a second; a thread that waits for messages calls `failAsTold` itself.
  globalThis.failAsTold = fail;
  Atomics.wait = (...words) => {
    fail();
    return wait(...words);
  };
  const { Instance } = WebAssembly;
  WebAssembly.Instance = class {
    constructor(...words) {
      const { exports } = new Instance(...words);
      const solve = (...numbers) => {
        steal();
        return exports.solve(...numbers);
      };
      this.exports = { ...exports, solve };
    }
  };
}

// Files are written by the main thread and by the thread that records.
if (folder !== undefined && (isMainThread || workerData?.tap !== undefined)) {
  const handle = await open(process.execPath);
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  const { write } = prototype;
  prototype.write = function (...words) {
    if (existsSync(join(folder, 'full')) && words[3] > 58)
      return Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }));
    return write.apply(this, words);
  };
}
