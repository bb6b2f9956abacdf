import type { EngineThread } from './EngineThread.ts';

const LOOK_MILLISECONDS = 25;
/** An engine that leaves sound lying for so many looks hangs: no block takes a tenth of that. */
const MOST_IDLE_LOOKS = 12;

/**
 * Finds an engine that hangs. Looks are counted, not time: when the whole process has stood still, nobody is to blame.
 * @thread the devices'
 */
export class HangDetector {
  private readonly onHang: (error: Error) => void;
  private readonly timer: NodeJS.Timeout;
  private engine: EngineThread;
  private isReady = false;
  private seenSamples = 0;
  private idleLooks = 0;

  /** @param onHang the engine has been abandoned */
  constructor(engine: EngineThread, onHang: (error: Error) => void) {
    this.engine = engine;
    this.onHang = onHang;
    this.follow(engine);
    this.timer = setInterval(() => this.look(), LOOK_MILLISECONDS);
    this.timer.unref();
  }

  /** Watches another one, as soon as it runs. */
  follow(engine: EngineThread): void {
    this.engine = engine;
    this.isReady = false;
    this.idleLooks = 0;
    void engine.ready.then(() => {
      if (this.engine === engine) this.isReady = true;
    });
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const { engine } = this;
    if (!this.isReady) return;
    const samples = engine.metrics.get('samples');
    const isIdle = samples === this.seenSamples && engine.input.readable > 0;
    this.seenSamples = samples;
    this.idleLooks = isIdle ? this.idleLooks + 1 : 0;
    if (this.idleLooks < MOST_IDLE_LOOKS) return;
    const error = new Error(`the engine has not moved for ${MOST_IDLE_LOOKS * LOOK_MILLISECONDS} ms`);
    this.isReady = false;
    engine.abandon(error);
    this.onHang(error);
  }
}
