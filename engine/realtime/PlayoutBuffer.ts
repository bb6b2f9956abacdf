import type { SampleRing } from '../core/SampleRing.ts';
import type { Hertz, Samples, Seconds } from '../core/units.ts';
import { AdaptiveResampler } from './AdaptiveResampler.ts';
import { DriftEstimator } from './DriftEstimator.ts';
import type { DryFallback } from './DryFallback.ts';
import { TargetFill } from './TargetFill.ts';

/** What a loudspeaker had to do without, all since the start. */
export interface OutputCounters {
  gaps: number;
  lostSamples: number;
  shortenings: number;
  shortenedSamples: number;
  /** Times that the input itself was played because the engine gave nothing, and how much of it. */
  dryFallbacks: number;
  dryFallbackSamples: number;
}

export interface PlayoutBufferOptions {
  readonly engineRateHertz: Hertz;
  readonly deviceRateHertz: Hertz;
  readonly channels: number;
  /** Same clock as the input: nothing can drift. */
  readonly isSynchronous: boolean;
  /** Least samples that should be left when a block has been taken: the reserve against late blocks. */
  readonly reserveSamples: Samples;
  /** How long ago the latest block came in, in the engine's samples. */
  readonly inputAge: () => Samples;
  /** What is played while the engine gives nothing; without one it is silence. */
  readonly dryFallback?: DryFallback;
}

/** Before the first sound the queue is watched for so long: blocks come in bursts, and one look at its fill says little. */
const REHEARSAL_SECONDS: Seconds = 0.5;
/** Blocks come in bursts: the delay that drift is looked for in is a mean over this time. */
const DRIFT_SECONDS: Seconds = 1;
/** Sound servers come and go by so much without any drift; a loudspeaker's delay need not follow them. */
const JITTER_SECONDS: Seconds = 0.005;
/** Fades at gaps and over cuts. */
const FADE_SAMPLES: Samples = 128;
/**
 * From the engine's ring to a device's blocks, at the device's pace. The queue between is kept as short as its reserve allows: a gap
 * makes the reserve larger, a queue that has grown is cut at once, and clocks that drift are followed by resampling.
 * @thread the devices'. Allocates when a block is longer than any before.
 */
export class PlayoutBuffer {
  readonly counters: OutputCounters = {
    ...{ gaps: 0, lostSamples: 0, shortenings: 0, shortenedSamples: 0 },
    ...{ dryFallbacks: 0, dryFallbackSamples: 0 },
  };
  /** From the microphone's block to the loudspeaker's, in the engine's samples, averaged: what waits, and the age of the latest of it. */
  averageDelaySamples = 0;

  private ring: SampleRing;
  private readonly options: PlayoutBufferOptions;
  private readonly resampler: AdaptiveResampler;
  private readonly nominalRatio: number;
  private readonly drift: DriftEstimator;
  private readonly splice = new Float32Array(FADE_SAMPLES);
  private taken = new Float32Array(2048);
  private mono = new Float32Array(2048);
  private readonly reserve: TargetFill;
  /** Until the first sound samples are taken as if they were played. */
  private rehearsalSamples: Samples;
  /** Silence is played until the reserve is there. */
  private isPriming = true;
  private lastSample = 0;
  private isDetoured = false;
  /** At the engine's rate: what follows from elsewhere is bent to begin there. */
  private lastSupplied = 0;
  private isToBeSpliced = false;
  /** Least that was left over the rehearsal. */
  private rehearsedFill = Number.POSITIVE_INFINITY;
  private delaySum = 0;
  private delayCount = 0;
  private delaySeconds = 0;
  private hasPlayed = false;

  constructor(ring: SampleRing, options: PlayoutBufferOptions) {
    this.ring = ring;
    this.options = options;
    this.nominalRatio = options.engineRateHertz / options.deviceRateHertz;
    this.resampler = new AdaptiveResampler(this.nominalRatio);
    this.drift = new DriftEstimator(options.engineRateHertz, JITTER_SECONDS * options.engineRateHertz);
    this.reserve = new TargetFill(options.reserveSamples, options.engineRateHertz);
    this.rehearsalSamples = Math.round(REHEARSAL_SECONDS * options.deviceRateHertz);
  }

  /** Of the device's clock against the engine's, as far as it has been found. */
  get driftPpm(): number {
    return this.drift.correction * 1e6;
  }

  /** Delay of the resampler. */
  get resamplerSamples(): Samples {
    return this.isResampling ? this.resampler.latencySamples : 0;
  }

  /** Goes on with another engine's queue, by the detour where sound has begun. To be called while the old engine's clock counts. */
  connect(ring: SampleRing): void {
    if (!this.isPriming && !this.isDetoured) this.beginDetour();
    this.ring = ring;
    this.reserve.forgetFill();
  }

  /** @param samples [frames * channels] interleaved, overwritten @param lostSamples played as silence by the device itself */
  read(samples: Float32Array, frames: Samples, lostSamples: Samples): void {
    const { counters } = this;
    if (lostSamples > 0) {
      counters.gaps++;
      counters.lostSamples += lostSamples;
    }
    if (this.mono.length < frames) this.mono = new Float32Array(frames);
    this.take(frames);
    const { mono } = this;
    const { channels } = this.options;
    for (let n = 0; n < frames; n++) {
      const value = Math.max(-1, Math.min(1, mono[n]!));
      for (let c = 0; c < channels; c++) samples[n * channels + c] = value;
    }
  }

  private get isResampling(): boolean {
    return !this.options.isSynchronous || this.nominalRatio !== 1;
  }

  private take(frames: Samples): void {
    const needed = this.isResampling ? this.resampler.needed(frames) : frames;
    const fill = this.ring.readable;
    const delay = fill + this.options.inputAge();
    this.averageDelaySamples += (delay - this.averageDelaySamples) * 0.05;
    if (this.isPriming) {
      if (this.isReady(fill, needed, frames)) this.begin(frames, needed);
      else this.playSilence(frames);
      return;
    }
    if (this.isDetoured && this.options.dryFallback?.end(this.ring, needed, this.reserve.samples) === true) {
      this.endDetour();
      this.produce(frames, needed);
      return;
    }
    if (this.isDetoured || fill < needed) this.runDry(frames, needed);
    else {
      this.produce(frames, needed);
      this.watch(frames, fill - needed);
      if (!this.options.isSynchronous) this.followDrift(delay, frames);
    }
  }

  /** Whether sound may begin: after a gap as soon as the reserve is there, the first time as soon as it lasts. */
  private isReady(fill: Samples, needed: Samples, frames: Samples): boolean {
    if (this.hasPlayed) return fill >= needed + this.reserve.samples;
    if (this.rehearsalSamples > 0) {
      this.ring.skip(needed);
      const isShort = fill < needed;
      this.rehearsedFill = isShort ? Number.POSITIVE_INFINITY : Math.min(this.rehearsedFill, fill - needed);
      if (!isShort) this.rehearsalSamples -= frames;
      return false;
    }
    if (this.rehearsedFill >= this.reserve.samples) return fill >= needed;
    // What is not taken now is there for good.
    this.rehearsedFill += needed;
    return false;
  }

  private begin(frames: Samples, needed: Samples): void {
    if (!this.hasPlayed) this.cut(Math.floor(this.rehearsedFill - this.reserve.samples));
    this.isPriming = false;
    this.hasPlayed = true;
    this.reserve.restart();
    this.drift.restart();
    this.averageDelaySamples = this.ring.readable + this.options.inputAge();
    this.produce(frames, needed);
    this.fadeIn(frames);
  }

  private produce(frames: Samples, needed: Samples): void {
    const supply = this.supplyFor(needed);
    this.ring.read(supply, 0, needed);
    this.finish(supply, frames, needed);
  }

  private supplyFor(needed: Samples): Float32Array {
    if (!this.isResampling) return this.mono;
    if (this.taken.length < needed) this.taken = new Float32Array(needed);
    return this.taken;
  }

  private finish(supply: Float32Array, frames: Samples, needed: Samples): void {
    const { mono } = this;
    if (needed > 0) {
      if (this.isToBeSpliced) bend(supply, Math.min(needed, FADE_SAMPLES), this.lastSupplied);
      this.isToBeSpliced = false;
      this.lastSupplied = supply[needed - 1]!;
    }
    if (this.isResampling) this.resampler.process(supply, mono, frames);
    this.lastSample = mono[frames - 1]!;
  }

  /** The queue has run dry: takes the detour, or fades out and waits for the reserve, a larger one. */
  private runDry(frames: Samples, needed: Samples): void {
    this.reserve.forgetFill();
    if (!this.isDetoured) this.beginDetour();
    if (this.playDetour(frames, needed)) return;
    this.reserve.grow();
    this.isDetoured = false;
    this.isPriming = true;
    this.counters.gaps++;
    this.counters.lostSamples += frames;
    for (let n = 0; n < frames; n++) this.mono[n] = this.lastSample * Math.max(0, 1 - (n + 1) / FADE_SAMPLES);
    this.lastSample = 0;
  }

  private beginDetour(): void {
    const { dryFallback } = this.options;
    if (dryFallback === undefined) return;
    dryFallback.begin(this.ring);
    this.isDetoured = true;
    this.isToBeSpliced = true;
    this.counters.dryFallbacks++;
  }

  /** A larger reserve would have bridged what was short, and bridges it the next time; it is no cure for an engine that stood still. */
  private endDetour(): void {
    this.isDetoured = false;
    this.isToBeSpliced = true;
    const dryFallback = this.options.dryFallback!;
    if (this.reserve.couldBridge(dryFallback.heardSamples) && !dryFallback.isEngineStruggling) this.reserve.grow();
  }

  /** @returns false where there is none, or the microphone gives nothing either */
  private playDetour(frames: Samples, needed: Samples): boolean {
    const { dryFallback } = this.options;
    if (!this.isDetoured || dryFallback === undefined) return false;
    const supply = this.supplyFor(needed);
    if (!dryFallback.read(supply, needed)) return false;
    this.finish(supply, frames, needed);
    this.counters.dryFallbackSamples += frames;
    return true;
  }

  private playSilence(frames: Samples): void {
    if (this.hasPlayed) this.counters.lostSamples += frames;
    this.mono.fill(0, 0, frames);
    this.lastSample = 0;
  }

  /** Begins where the resampler's memory of what was before ends. */
  private fadeIn(frames: Samples): void {
    const silent = Math.min(frames, this.resamplerSamples);
    const count = Math.min(frames - silent, FADE_SAMPLES);
    this.mono.fill(0, 0, silent);
    for (let n = 0; n < count; n++) this.mono[silent + n]! *= (n + 1) / count;
  }

  private watch(frames: Samples, left: Samples): void {
    const { deviceRateHertz, dryFallback } = this.options;
    const isStruggling = dryFallback?.isEngineStruggling === true;
    const excess = this.reserve.watch(frames / deviceRateHertz, frames * this.nominalRatio, left, isStruggling);
    if (excess > 0) this.shorten(excess);
  }

  /** @param delay of this block, in the engine's samples */
  private followDrift(delay: Samples, frames: Samples): void {
    this.delaySum += delay;
    this.delayCount++;
    this.delaySeconds += frames / this.options.deviceRateHertz;
    if (this.delaySeconds < DRIFT_SECONDS) return;
    this.drift.update(this.delaySum / this.delayCount, this.delaySeconds);
    this.resampler.ratio = this.nominalRatio * (1 + this.drift.correction);
    this.forgetDelays();
  }

  private shorten(excess: Samples): void {
    const cut = this.cut(excess);
    this.counters.shortenings++;
    this.counters.shortenedSamples += cut;
    this.drift.cut(cut);
    this.forgetDelays();
  }

  private forgetDelays(): void {
    this.delaySum = 0;
    this.delayCount = 0;
    this.delaySeconds = 0;
  }

  /** Leaves out samples of the queue, with a cross-fade. @returns how many */
  private cut(count: Samples): Samples {
    const { ring, splice } = this;
    if (count <= 0) return 0;
    const fade = Math.min(FADE_SAMPLES, count);
    ring.peek(splice, 0, fade, 0);
    ring.skip(count);
    ring.blend(splice, Math.min(fade, ring.readable));
    return count;
  }
}

/** Adds what is missing to `start` and lets it die away. */
function bend(samples: Float32Array, count: Samples, start: number): void {
  const missing = start - samples[0]!;
  for (let n = 0; n < count; n++) samples[n]! += missing * (1 - (n + 1) / (count + 1));
}
