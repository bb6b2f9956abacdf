import type { SampleRing } from '../core/SampleRing.ts';
import type { Hertz, Samples, Seconds } from '../core/units.ts';
import type { DryHistory } from './DryHistory.ts';

/** What a detour must know of the engine: which input its output belongs to. */
export interface StreamPosition {
  /** Of the input, since the start, to which the engine's output at `outputPosition` (modulo 2^32) belongs. */
  inputPositionAt(outputPosition: number): Samples;
  /** The first input that this engine has heard. */
  readonly firstPosition: Samples;
  /** Input that waits for the engine. */
  readonly backlogSamples: Samples;
  /** It does less than it should for lack of time, or has only just begun. */
  readonly isStruggling: boolean;
}

/** What comes back is taken when it is later than before by no more than this. */
const TOLERANCE_SECONDS: Seconds = 0.004;
/** After so long an engine that has caught up is taken however late it is. */
const PATIENCE_SECONDS: Seconds = 0.5;

/**
 * The way around an engine that gives nothing: the input itself, as late as the engine's output would be, so that who listens hears the
 * dry signal go on without a jump in time.
 * @thread the devices'. Allocates nothing.
 */
export class DryFallback {
  private readonly history: DryHistory;
  private readonly clock: StreamPosition;
  private readonly gain: () => number;
  private readonly toleranceSamples: Samples;
  private readonly patienceSamples: Samples;
  /** Of the input, next to be heard. */
  private position: Samples = 0;
  private heard: Samples = 0;

  /** @param gain linear, of the mix as a whole */
  constructor(history: DryHistory, clock: StreamPosition, rateHertz: Hertz, gain: () => number) {
    this.history = history;
    this.clock = clock;
    this.gain = gain;
    this.toleranceSamples = TOLERANCE_SECONDS * rateHertz;
    this.patienceSamples = PATIENCE_SECONDS * rateHertz;
  }

  /** Since it began. */
  get heardSamples(): Samples {
    return this.heard;
  }

  /** The engine has no time or is new: no reserve mends that. */
  get isEngineStruggling(): boolean {
    return this.clock.isStruggling;
  }

  /** Starts where the queue has ended. */
  begin(queue: SampleRing): void {
    this.position = this.clock.inputPositionAt(queue.readPosition);
    this.heard = 0;
  }

  /** The next samples. @returns false where the microphone gives nothing either */
  read(target: Float32Array, count: Samples): boolean {
    if (!this.history.read(target, count, this.position)) return false;
    const gain = this.gain();
    for (let n = 0; n < count; n++) target[n]! *= gain;
    this.position += count;
    this.heard += count;
    return true;
  }

  /**
   * Whether the engine's queue can take over here; then its next sample is the one to play. What the engine has caught up with is
   * left out: it has been heard.
   * @param needed samples at once @param reserve to be left then
   */
  end(queue: SampleRing, needed: Samples, reserve: Samples): boolean {
    const { clock, position } = this;
    const spare = Math.floor(queue.readable - needed - reserve);
    if (spare < 0 || position < clock.firstPosition) return false;
    const ahead = position - clock.inputPositionAt(queue.readPosition);
    const isPatient = this.heard < this.patienceSamples;
    if ((isPatient ? ahead - spare : clock.backlogSamples) > this.toleranceSamples) return false;
    queue.skip(isPatient ? Math.max(0, Math.min(ahead, spare)) : spare);
    return true;
  }
}
