// Stops the audio process on request, as a native call that never returns would. Loaded before the program
// (NODE_OPTIONS=--import=...) in each of its processes. A file named `stop-REQUEST` in the folder UNMINGLE_TEST_FAULTS stops, with SIGSTOP,
// the next audio process that receives this request; the file is removed, so the process that replaces it works.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const folder = process.env.UNMINGLE_TEST_FAULTS;

if (folder !== undefined && isMainThread && process.argv[1]?.endsWith('audioProcessMain.js')) {
  const { emit } = process;
  process.emit = function (name, message, ...rest) {
    const path = join(folder, `stop-${message?.name}`);
    if (name === 'message' && existsSync(path)) {
      rmSync(path, { force: true });
      process.kill(process.pid, 'SIGSTOP');
    }
    return emit.call(this, name, message, ...rest);
  };
}
