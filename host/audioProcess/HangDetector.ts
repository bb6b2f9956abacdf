/** Progress of an engine, read from its shared memory. */
export interface EngineProgress {
  readonly input: { readonly readable: number };
  readonly metrics: { get(name: 'samples'): number };
}

/** Interval between two checks. */
export const LOOK_MILLISECONDS = 25;
/**
 * 1 s. Processing a block takes a hundredth of that, but where other programs take every core the engine may not run for some hundred
 * milliseconds: then a restart would take more of what there is. The delayed input is played meanwhile.
 */
const MAXIMUM_IDLE_LOOKS = 40;
/** 30 s: an overloaded machine needs many seconds to load and compile the engine. */
const MAXIMUM_START_LOOKS = 1200;

/**
 * Detects that one engine hangs: it has input, but its sample counter stands still. Checks are counted, not time, so that a pause of the
 * whole process is not mistaken for a hang.
 */
export class HangDetector {
  private readonly engine: EngineProgress;
  private startLooks = 0;
  private idleLooks = 0;
  private seenSamples = 0;

  constructor(engine: EngineProgress) {
    this.engine = engine;
  }

  /** To be called every LOOK_MILLISECONDS until the engine is ready. @returns the hang, or null */
  lookAtStart(): Error | null {
    if (++this.startLooks < MAXIMUM_START_LOOKS) return null;
    return new Error(`the engine was not ready within ${(MAXIMUM_START_LOOKS * LOOK_MILLISECONDS) / 1000} s`);
  }

  /** To be called every LOOK_MILLISECONDS while the engine runs. @returns the hang, or null */
  look(): Error | null {
    const samples = this.engine.metrics.get('samples');
    const isIdle = samples === this.seenSamples && this.engine.input.readable > 0;
    this.seenSamples = samples;
    this.idleLooks = isIdle ? this.idleLooks + 1 : 0;
    if (this.idleLooks < MAXIMUM_IDLE_LOOKS) return null;
    return new Error(`the engine has not moved for ${MAXIMUM_IDLE_LOOKS * LOOK_MILLISECONDS} ms`);
  }
}
