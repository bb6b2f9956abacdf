/** A device that has delivered no block for so long has stopped. */
const SILENT_MILLISECONDS = 800;
/** The first block may take longer, since sound servers have to wake the device. */
const FIRST_MILLISECONDS = 4000;
const LOOK_MILLISECONDS = 100;
/** Of the time between two looks, at most so much counts: if this thread, or the machine, stood still, the device's blocks wait to be read. */
const MOST_COUNTED_MILLISECONDS = 2 * LOOK_MILLISECONDS;

/** Notices that a device has stopped: libraries report no removal, the blocks just end. */
export class BlockWatch {
  private readonly timer: NodeJS.Timeout;
  private hasStarted = false;
  private silentMilliseconds = 0;
  private lookedMilliseconds = performance.now();

  /** @param onStopped called once */
  constructor(onStopped: () => void) {
    this.timer = setInterval(() => {
      const now = performance.now();
      this.silentMilliseconds += Math.min(MOST_COUNTED_MILLISECONDS, now - this.lookedMilliseconds);
      this.lookedMilliseconds = now;
      if (this.silentMilliseconds < (this.hasStarted ? SILENT_MILLISECONDS : FIRST_MILLISECONDS)) return;
      this.end();
      onStopped();
    }, LOOK_MILLISECONDS);
  }

  /** A block has arrived. */
  noteBlock(): void {
    this.hasStarted = true;
    this.silentMilliseconds = 0;
  }

  end(): void {
    clearInterval(this.timer);
  }
}
