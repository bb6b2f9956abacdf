// Worker of CallableThread and WorkerPool tests: answers, reports progress, throws, hangs or ends, as the argument says.
import { InputError } from '../../../dist/engine/core/errors.js';
import { serveThread } from '../../../dist/host/rpc/serveThread.js';

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

serveThread({
  run: async ({ act, count = 0 }, { signal, onProgress }) => {
    if (act === 'exit') process.exit(7);
    if (act === 'throw late')
      setTimeout(() => {
        throw new Error('a fault of the test');
      });
    if (act === 'refuse') throw new InputError('templates must be at least 1, got 0');
    if (act === 'bug') throw new TypeError('x is not a function');
    if (act === 'spin') while (true);
    for (let step = 1; step <= count; step++) {
      await sleep(150);
      onProgress(step);
    }
    if (act === 'wait' || act === 'throw late') {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    }
    return { type: 'ran', act };
  },
});
