// Loaded before the program (NODE_OPTIONS=--import=...), in each of its processes and threads: makes the engine's thread fail when a
// file named after the fault appears in UNMINGLE_TEST_FAULTS, or a disk full while the file "full" is there.
import { existsSync, rmSync } from 'node:fs';
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

if (folder !== undefined && !isMainThread && workerData?.board !== undefined) {
  // The engine waits for sound here, some hundred times a second.
  Atomics.wait = (...words) => {
    if (happens('die')) throw new Error('a fault of the test');
    if (happens('hang')) sleep(Number.POSITIVE_INFINITY);
    if (happens('spin')) while (true);
    if (happens('pause')) sleep(150);
    return wait(...words);
  };
}

if (folder !== undefined && isMainThread) {
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
