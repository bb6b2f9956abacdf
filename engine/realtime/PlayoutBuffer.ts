import type { SampleRing } from '../core/SampleRing.ts';
import type { Hertz, Samples } from '../core/units.ts';
import { DriftTracker } from './DriftTracker.ts';
import type { DryFallback } from './DryFallback.ts';
import { PlayoutResampler } from './PlayoutResampler.ts';
import { SplicingReader } from './SplicingReader.ts';
import { StartRehearsal } from './StartRehearsal.ts';
import { TargetFill } from './TargetFill.ts';

/** Output underrun counters, cumulative since the stream opened. */
export interface OutputCounters {
  gaps: number;
  lostSamples: number;
  shortenings: number;
  shortenedSamples: number;
  /** Times that the dry fallback took over. */
  dryFallbacks: number;
  dryFallbackSamples: number;
}

export interface PlayoutBufferOptions {
  readonly engineRateHertz: Hertz;
  readonly deviceRateHertz: Hertz;
  readonly channels: number;
  /** Input and output share one clock: nothing can drift. */
  readonly isSynchronous: boolean;
  /** Smallest target fill: samples that remain in the queue after a block was taken, as a reserve against late blocks. */
  readonly reserveSamples: Samples;
  /** Latest block of the input device. Unless the devices share a clock, it may arrive just before or just after an output block. */
  readonly inputBlockSamples: () => Samples;
  /**
   * Time since the engine's input sample that belongs to a position of its output ring has arrived, without the latency of the separation,
   * in samples of the engine's rate.
   */
  readonly delayAt: (outputPosition: number) => Samples;
  /** Played while the engine delivers nothing. @default silence */
  readonly dryFallback?: DryFallback;
}

/** Weight of each block in `averageDelaySamples`. */
const DELAY_SMOOTHING = 0.05;

/**
 * Carries samples from the engine's ring to the device's blocks, at the device's pace. The queue in between is kept as short as its
 * target fill allows: a gap raises the target, a queue that has grown is cut at once, and clock drift is followed by resampling.
 * @thread device. Allocates when a block is longer than any before.
 */
export class PlayoutBuffer {
  readonly counters: OutputCounters = {
    gaps: 0,
    lostSamples: 0,
    shortenings: 0,
    shortenedSamples: 0,
    dryFallbacks: 0,
    dryFallbackSamples: 0,
  };
  /** Delay from the input block to the output block, in samples of the engine's rate, averaged. */
  averageDelaySamples = 0;

  private readonly options: PlayoutBufferOptions;
  private readonly queue: SplicingReader;
  private readonly rehearsal: StartRehearsal;
  private readonly targetFill: TargetFill;
  private readonly drift: DriftTracker;
  private readonly output: PlayoutResampler;
  /** While priming, silence is played until the target fill is reached. */
  private state: 'priming' | 'playing' | 'fallback' = 'priming';
  private hasPlayed = false;

  constructor(ring: SampleRing, options: PlayoutBufferOptions) {
    const { engineRateHertz, deviceRateHertz, isSynchronous, reserveSamples } = options;
    this.options = options;
    this.queue = new SplicingReader(ring);
    this.rehearsal = new StartRehearsal(deviceRateHertz);
    this.targetFill = new TargetFill(reserveSamples, engineRateHertz);
    this.drift = new DriftTracker(engineRateHertz);
    this.output = new PlayoutResampler(engineRateHertz, deviceRateHertz, isSynchronous);
  }

  /** Drift of the device's clock against the engine's, as far as it has been found. */
  get driftPpm(): number {
    return this.drift.correction * 1e6;
  }

  /** Delay of the resampler, in samples of the engine's rate. */
  get resamplerSamples(): Samples {
    return this.output.latencySamples;
  }

  /**
   * Changes to the queue of another engine, by way of the dry fallback if sound is playing. Must be called while the stream positions
   * of the old engine are still valid.
   */
  connect(ring: SampleRing): void {
    if (this.state === 'playing') this.beginFallback();
    this.queue.connect(ring);
    this.targetFill.restartFill();
  }

  /**
   * Fills a device block.
   * @param samples [frames * channels] interleaved, overwritten
   * @param lostSamples samples that the device has played as silence since the last block
   */
  read(samples: Float32Array, frames: Samples, lostSamples: Samples): void {
    if (lostSamples > 0) this.countLoss(lostSamples, frames);
    this.renderBlock(frames);
    const { block } = this.output;
    const { channels } = this.options;
    for (let n = 0; n < frames; n++) {
      const value = Math.max(-1, Math.min(1, block[n]!));
      for (let c = 0; c < channels; c++) samples[n * channels + c] = value;
    }
  }

  private countLoss(lostSamples: Samples, frames: Samples): void {
    this.counters.gaps++;
    this.counters.lostSamples += lostSamples;
    const lost = this.output.nominalSamples(lostSamples);
    if (this.state === 'fallback') this.options.dryFallback?.skip(lost, this.output.prepare(frames));
    else this.targetFill.addLoss(lost);
  }

  private renderBlock(frames: Samples): void {
    const { queue, targetFill } = this;
    const { dryFallback, delayAt, deviceRateHertz, isSynchronous } = this.options;
    const needed = this.output.prepare(frames);
    const fill = queue.readable;
    const delay = delayAt(queue.readPosition);
    if (!isSynchronous) targetFill.allowFor(this.options.inputBlockSamples());
    if (this.state === 'priming') {
      const isReady = this.hasPlayed
        ? fill >= needed + targetFill.samples
        : this.rehearsal.isReady(queue, needed, frames, this.output.nominalSamples(frames), targetFill.samples);
      if (isReady) this.begin(frames, needed);
      else this.playSilence(frames);
    } else if (this.state === 'fallback' && dryFallback !== undefined && this.canEnd(dryFallback, needed)) {
      this.endFallback(dryFallback);
      this.playQueue(frames, needed);
    } else if (this.state === 'fallback' || fill < needed) {
      this.bridge(frames, needed);
    } else {
      this.playQueue(frames, needed);
      // The dry fallback continues with the delay at which it began.
      this.averageDelaySamples += (delay - this.averageDelaySamples) * DELAY_SMOOTHING;
      this.limitFill(frames, fill - needed);
      if (!isSynchronous) this.followDrift(delay, frames / deviceRateHertz);
    }
  }

  private begin(frames: Samples, needed: Samples): void {
    const { queue, targetFill, output } = this;
    if (!this.hasPlayed) queue.cut(Math.min(this.rehearsal.surplus(targetFill.samples), queue.readable - needed));
    this.state = 'playing';
    this.hasPlayed = true;
    targetFill.restart();
    this.drift.restart();
    this.averageDelaySamples = this.options.delayAt(queue.readPosition);
    this.playQueue(frames, needed);
    output.fadeIn(frames);
  }

  private playQueue(frames: Samples, needed: Samples): void {
    this.queue.read(this.output.supply(needed), needed);
    this.output.render(frames, needed);
  }

  private playSilence(frames: Samples): void {
    if (this.hasPlayed) this.counters.lostSamples += frames;
    this.output.silence(frames);
  }

  /** The queue has run empty: plays the dry fallback, or fades out and waits for a larger target fill. */
  private bridge(frames: Samples, needed: Samples): void {
    this.targetFill.restartFill();
    if (this.state === 'playing') this.beginFallback();
    if (this.playFallback(frames, needed)) return;
    this.targetFill.grow();
    this.state = 'priming';
    this.counters.gaps++;
    this.counters.lostSamples += frames;
    this.output.fadeOut(frames);
  }

  private beginFallback(): void {
    const { dryFallback } = this.options;
    if (dryFallback === undefined) return;
    dryFallback.begin(this.queue);
    this.state = 'fallback';
    this.output.changeSource();
    this.counters.dryFallbacks++;
  }

  /** @returns false if there is no fallback or the input delivers nothing either */
  private playFallback(frames: Samples, needed: Samples): boolean {
    const { dryFallback } = this.options;
    if (this.state !== 'fallback' || dryFallback === undefined) return false;
    if (!dryFallback.read(this.output.supply(needed), needed)) return false;
    this.output.render(frames, needed);
    this.counters.dryFallbackSamples += frames;
    return true;
  }

  private canEnd(dryFallback: DryFallback, needed: Samples): boolean {
    if (dryFallback.isEngineStruggling) this.targetFill.shrink();
    return dryFallback.end(this.queue, needed, this.targetFill.samples);
  }

  /** Raises the target fill if that could have bridged the underrun; it does not help an engine that stood still. */
  private endFallback(dryFallback: DryFallback): void {
    this.state = 'playing';
    this.output.changeSource();
    this.averageDelaySamples = this.options.delayAt(this.queue.readPosition);
    this.drift.restart();
    if (this.targetFill.couldBridge(dryFallback.playedSamples) && !dryFallback.isEngineStruggling)
      this.targetFill.grow();
  }

  /** @param left samples in the queue after this block */
  private limitFill(frames: Samples, left: Samples): void {
    const { deviceRateHertz, dryFallback } = this.options;
    const isStruggling = dryFallback?.isEngineStruggling === true;
    const blockSamples = this.output.nominalSamples(frames);
    const excess = this.targetFill.watch(frames / deviceRateHertz, blockSamples, left, isStruggling);
    if (excess <= 0) return;
    const cut = this.queue.cut(excess);
    this.counters.shortenings++;
    this.counters.shortenedSamples += cut;
    this.drift.cut(cut);
  }

  private followDrift(delay: Samples, duration: number): void {
    this.drift.add(delay, duration);
    this.output.setCorrection(this.drift.correction);
  }
}
