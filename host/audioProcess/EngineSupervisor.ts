import type { Clock } from '../../engine/core/Clock.ts';
import { type EngineProgress, HangDetector, LOOK_MILLISECONDS } from './HangDetector.ts';

/** The part of an engine thread that its supervisor uses. */
export interface SupervisedEngine extends EngineProgress {
  /** Never rejects. */
  readonly ready: Promise<'ready' | 'exited'>;
  /** Terminates the engine immediately; `onFault` is not called afterwards. */
  abandon(error: Error): void;
  /** Shuts the engine down in an orderly way; never throws. */
  stop(): Promise<void>;
}

/** The only states in which an engine is alive. */
interface AliveState<Engine> {
  readonly name: 'starting' | 'running';
  readonly engine: Engine;
  readonly sinceMilliseconds: number;
}

/** State of the supervisor; the diagram is in ARCHITECTURE.md. */
export type EngineState<Engine> =
  | AliveState<Engine>
  /** The next engine starts when `untilMilliseconds` is reached. */
  | { readonly name: 'backingOff'; readonly untilMilliseconds: number; readonly cause: Error }
  /** Too many engines in a row have ended soon after their start. */
  | { readonly name: 'failed'; readonly cause: Error }
  | { readonly name: 'stopped' };

export interface EngineSupervisorOptions<Engine> {
  readonly clock: Clock;
  /** Starts an engine. @param onFault to be called if it ends by itself */
  readonly start: (onFault: (error: Error) => void) => Engine;
  /** The engine has ended; its memory stays readable. Called once per engine, before onRestarted or onFailed. */
  readonly onEnded: (error: Error) => void;
  /** Another engine has been started. */
  readonly onRestarted: (engine: Engine, error: Error) => void;
  /** No further engine is started. */
  readonly onFailed: (error: Error) => void;
}

/** An engine that ends before it is ready, or sooner than this afterwards, counts as a short life. */
const SHORT_LIFE_MILLISECONDS = 2000;
/** From the second short life in a row on, the next start waits, so that a fault that repeats does not occupy the machine. */
const BACK_OFF_MILLISECONDS = 2000;
const IMMEDIATE_RESTARTS = 1;
/** Number of consecutive short lives after which the engine is no longer restarted. */
const MAXIMUM_SHORT_LIVES = 5;

/**
 * Owns the engine worker: starts it, detects that it has ended or hangs, and replaces it. All changes of state pass through `enter`,
 * and reports about any engine other than the current one are ignored.
 */
export class EngineSupervisor<Engine extends SupervisedEngine> {
  /** Resolves when the first engine runs, or when no engine will be started; `state` shows which. */
  readonly settled: Promise<void>;
  private readonly options: EngineSupervisorOptions<Engine>;
  private current: EngineState<Engine>;
  private latestEngine: Engine;
  private cancelTimer = () => {};
  private settle = () => {};
  private shortLives = 0;
  private restartCount = 0;

  /** Starts the first engine. */
  constructor(options: EngineSupervisorOptions<Engine>) {
    this.options = options;
    this.settled = new Promise((resolve) => {
      this.settle = resolve;
    });
    this.current = this.start();
    this.latestEngine = this.current.engine;
    this.enter(this.current);
  }

  get state(): EngineState<Engine> {
    return this.current;
  }

  /** The latest engine. It may have ended; its memory stays readable. */
  get latest(): Engine {
    return this.latestEngine;
  }

  /** Whether this engine is the current one and has not ended. */
  isAlive(engine: Engine): boolean {
    return isAlive(this.current) && this.current.engine === engine;
  }

  /** Engines started after the first one. */
  get restarts(): number {
    return this.restartCount;
  }

  /**
   * Ends the engine, if one is alive. From the call on no engine is started and no callback runs.
   * @param finish completes work that still needs the engine, such as recordings; must not throw
   */
  async stop(finish: () => Promise<void> = async () => {}): Promise<void> {
    const { current } = this;
    this.enter({ name: 'stopped' });
    await finish();
    if (isAlive(current)) await current.engine.stop();
  }

  /** Sets the timers of the new state and cancels those of the old one. */
  private enter(state: EngineState<Engine>): void {
    this.cancelTimer();
    this.cancelTimer = this.startTimer(state);
    this.current = state;
    if (state.name !== 'starting' && state.name !== 'backingOff') this.settle();
  }

  private startTimer(state: EngineState<Engine>): () => void {
    const { clock } = this.options;
    if (state.name === 'backingOff') {
      return clock.after(state.untilMilliseconds - clock.nowMilliseconds(), () => this.restart(state.cause));
    }
    if (!isAlive(state)) return () => {};
    const detector = new HangDetector(state.engine);
    return clock.every(LOOK_MILLISECONDS, () => {
      const hang = state.name === 'starting' ? detector.lookAtStart() : detector.look();
      if (hang !== null) this.end(state.engine, hang);
    });
  }

  private start(): AliveState<Engine> {
    const engine: Engine = this.options.start((error) => this.end(engine, error));
    void engine.ready.then((outcome) => {
      if (outcome === 'ready') this.run(engine);
      else this.end(engine, new Error('the engine ended before it was ready'));
    });
    return { name: 'starting', engine, sinceMilliseconds: this.options.clock.nowMilliseconds() };
  }

  private run(engine: Engine): void {
    const { current } = this;
    if (current.name !== 'starting' || current.engine !== engine) return;
    this.enter({ name: 'running', engine, sinceMilliseconds: this.options.clock.nowMilliseconds() });
  }

  /** Handles a death, a failed start or a hang of the current engine. */
  private end(engine: Engine, error: Error): void {
    const { current, options } = this;
    if (!isAlive(current) || current.engine !== engine) return;
    const now = options.clock.nowMilliseconds();
    const isShortLife = current.name === 'starting' || now - current.sinceMilliseconds < SHORT_LIFE_MILLISECONDS;
    this.shortLives = isShortLife ? this.shortLives + 1 : 0;
    const isHopeless = this.shortLives > MAXIMUM_SHORT_LIVES;
    const isImmediate = this.shortLives <= IMMEDIATE_RESTARTS;
    const untilMilliseconds = now + (isImmediate ? 0 : BACK_OFF_MILLISECONDS);
    this.enter(isHopeless ? { name: 'failed', cause: error } : { name: 'backingOff', untilMilliseconds, cause: error });
    engine.abandon(error);
    options.onEnded(error);
    if (isHopeless) options.onFailed(error);
    // In the same turn: device callbacks in between would pass input that neither engine receives.
    else if (isImmediate) this.restart(error);
  }

  private restart(error: Error): void {
    const state = this.start();
    this.latestEngine = state.engine;
    this.restartCount++;
    this.enter(state);
    this.options.onRestarted(state.engine, error);
  }
}

function isAlive<Engine>(state: EngineState<Engine>): state is AliveState<Engine> {
  return state.name === 'starting' || state.name === 'running';
}
