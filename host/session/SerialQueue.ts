/**
 * Runs asynchronous work one piece at a time, in order of arrival. It keeps a session consistent: a change reads the settings, waits for
 * the engine and then writes the settings, so two at once would start from the same settings and the later one would undo the earlier.
 * It orders all changes, those without a control message included: imports, recovered devices, finished adaptations and trainings.
 * Fairness between panels, and limits of what may wait, are the task of `ControlQueue`.
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
