/**
 * Runs asynchronous work one piece at a time, in order of arrival. A session needs it for its changes: each reads the settings, waits for
 * the engine and then writes the settings. Two at once would start from the same settings, and the later one would undo the earlier.
 */
export class SerialQueue {
  private last: Promise<unknown> = Promise.resolve();

  /** @returns the result or the error of `work` */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.catch(() => {});
    return done;
  }
}
