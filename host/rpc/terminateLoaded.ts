import type { Worker } from 'node:worker_threads';

/** A thread that has not loaded its modules by then counts as hung. Loading takes a tenth of that on a busy machine. */
const LOADING_PATIENCE_MILLISECONDS = 5000;

/**
 * Terminates a worker thread as soon as it has loaded its modules: Node does not close the module files that a thread reads while it is
 * terminated, and the process would collect open files.
 * @param loaded settles when the thread has loaded its modules, or has exited
 */
export async function terminateLoaded(worker: Worker, loaded: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LOADING_PATIENCE_MILLISECONDS);
  });
  await Promise.race([loaded, patience]);
  clearTimeout(timer);
  await worker.terminate();
}
