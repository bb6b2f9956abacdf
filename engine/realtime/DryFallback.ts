import type { Hertz, Samples, Seconds } from '../core/units.ts';
import type { DryHistory } from './DryHistory.ts';
import type { SplicingReader } from './SplicingReader.ts';

/** Progress of the engine through the input: which input sample each of its output samples belongs to. */
export interface EngineProgress {
  /**
   * @param outputPosition position in the engine's output ring, modulo 2^32
   * @returns position of the matching input sample since the stream began
   */
  inputPositionAt(outputPosition: number): Samples;
  /** Position of the first input sample that this engine has received. */
  readonly firstPosition: Samples;
  /** Input samples that the engine has yet to process. */
  readonly backlogSamples: Samples;
  /** The engine is overloaded or has only just started. */
  readonly isStruggling: boolean;
}

/**
 * The engine's output takes over again once it is later than before by at most this. An overloaded engine must catch up entirely: it runs
 * late again and again, and each time would add to the delay.
 */
const TOLERANCE_SECONDS: Seconds = 0.004;
/** After this time an engine that has caught up takes over however late its output is. */
const PATIENCE_SECONDS: Seconds = 0.5;

/**
 * Replaces the output of an engine that delivers nothing by the input itself, delayed as the engine's output would be: the dry signal
 * goes on without a jump in time.
 * @thread device. Allocates nothing.
 */
export class DryFallback {
  private readonly history: DryHistory;
  private readonly progress: EngineProgress;
  private readonly gain: () => number;
  private readonly toleranceSamples: Samples;
  private readonly patienceSamples: Samples;
  /** Position in the input of the next sample to play. */
  private position: Samples = 0;
  private played: Samples = 0;

  /** @param gain current master gain of the mix, linear */
  constructor(history: DryHistory, progress: EngineProgress, rateHertz: Hertz, gain: () => number) {
    this.history = history;
    this.progress = progress;
    this.gain = gain;
    this.toleranceSamples = TOLERANCE_SECONDS * rateHertz;
    this.patienceSamples = PATIENCE_SECONDS * rateHertz;
  }

  /** Samples played since `begin`. */
  get playedSamples(): Samples {
    return this.played;
  }

  /** The engine is overloaded or new: a larger target fill does not help. */
  get isEngineStruggling(): boolean {
    return this.progress.isStruggling;
  }

  /** Starts at the input sample that belongs to the next sample of `queue`. */
  begin(queue: SplicingReader): void {
    this.position = this.progress.inputPositionAt(queue.readPosition);
    this.played = 0;
  }

  /** @param target [count] overwritten with the next samples @returns false if the input delivers nothing either */
  read(target: Float32Array, count: Samples): boolean {
    if (!this.history.read(target, count, this.position)) return false;
    const gain = this.gain();
    for (let n = 0; n < count; n++) target[n]! *= gain;
    this.position += count;
    this.played += count;
    return true;
  }

  /**
   * Skips the input that was to be heard while the device played silence; the delay would grow by it.
   * @param lostSamples samples of silence, at the engine's rate; fewer are skipped if the input has not arrived yet
   * @param needed samples of the next block, which must remain
   */
  skip(lostSamples: Samples, needed: Samples): void {
    const spare = this.history.writtenPosition - this.position - needed;
    this.position += Math.max(0, Math.min(Math.floor(lostSamples), spare));
  }

  /**
   * Hands over to the engine's queue if it can continue here. Samples of the queue that the fallback has already played are skipped;
   * the next sample of the queue is then the one to play.
   * @param needed samples of the next block
   * @param reserve samples that must remain in the queue after it
   * @returns whether the queue has taken over
   */
  end(queue: SplicingReader, needed: Samples, reserve: Samples): boolean {
    const { progress, position } = this;
    const spare = Math.floor(queue.readable - needed - reserve);
    if (spare < 0 || position < progress.firstPosition) return false;
    const ahead = position - progress.inputPositionAt(queue.readPosition);
    const isPatient = this.played < this.patienceSamples;
    // A device that captures and plays in one callback has just added a block to the backlog, which the engine could not see yet.
    const backlog = progress.backlogSamples - needed;
    const lateness = isPatient ? ahead - spare : backlog;
    if (lateness > (isPatient && progress.isStruggling ? 0 : this.toleranceSamples)) return false;
    queue.skip(isPatient ? Math.max(0, Math.min(ahead, spare)) : spare);
    return true;
  }
}
