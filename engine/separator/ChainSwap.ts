import { InputError, requireInteger } from '../core/errors.ts';
import type { Hertz, Samples, Seconds } from '../core/units.ts';
import type { SeparatorParameters } from './parameters.ts';
import type { SeparationChain } from './SeparationChain.ts';

/**
 * Steps of a swap, in their order. `loading`: the incoming chain's memory is copied, a tile at a time. `aligning`: it waits for the
 * active chain's next frame, so that both have their frames in the same blocks. `filling`: its history receives samples, without work.
 * `settling` and `fading`: both chains process frames, and take turns in solving.
 */
const PHASES = ['loading', 'aligning', 'filling', 'settling', 'fading'] as const;
export type SwapPhase = (typeof PHASES)[number];

/** Progress of a swap. Plain data. */
export interface SwapState {
  readonly phase: SwapPhase;
  /** Samples until the next tile, or the end of the phase. */
  readonly remainingSamples: Samples;
  readonly tilesLoaded: number;
  readonly isIncomingTurn: boolean;
  readonly samplesSinceSolve: Samples;
}

/** One tile of 256 KiB in this time: 0.1 s for two adapted voices of 40 templates at 48 kHz, 1 s for eight. */
const TILE_SECONDS: Seconds = 0.008;
const FADE_SECONDS: Seconds = 0.05;
/** More than the largest kernel has. */
const MOST_TILES = 20_000;
/** Frames before the fade that are not needed to complete the overlap: activations and mask network settle in them. */
const EXTRA_SETTLING_FRAMES = 2;

/**
 * Swap from an active chain to an incoming one, with bounded work in every block: while both process frames, only one of them solves at
 * a time, and the other applies its latest masks once more. So a frame of both costs hardly more than one of either, and masks are at
 * most one frame old.
 * @thread audio, between blocks for the constructor, which allocates. All else allocates nothing.
 */
export class ChainSwap {
  readonly chain: SeparationChain;
  private readonly tileSamples: Samples;
  private readonly fadeSamples: Samples;
  private phase: SwapPhase = 'loading';
  private remainingSamples: Samples;
  private isIncomingTurn = true;
  private samplesSinceSolve: Samples = 0;

  /** @param chain loading, or loaded */
  constructor(chain: SeparationChain, sampleRateHertz: Hertz) {
    this.chain = chain;
    this.tileSamples = Math.max(1, Math.round(TILE_SECONDS * sampleRateHertz));
    this.fadeSamples = Math.max(1, Math.round(FADE_SECONDS * sampleRateHertz));
    this.remainingSamples = this.tileSamples;
  }

  get isFading(): boolean {
    return this.phase === 'fading';
  }

  /** Whether the incoming chain receives samples. */
  get isReceiving(): boolean {
    return this.phase === 'filling' || this.phase === 'settling' || this.phase === 'fading';
  }

  /** @returns weight of the incoming chain at the `n`th of the next samples of the fade */
  weightAt(n: Samples): number {
    return (this.fadeSamples - this.remainingSamples + n) / this.fadeSamples;
  }

  /** Samples that can be pushed before this swap or its chain changes. */
  get samplesUntilChange(): Samples {
    const { remainingSamples, chain } = this;
    if (this.phase === 'aligning') return Number.POSITIVE_INFINITY;
    return this.isReceiving ? Math.min(remainingSamples, chain.samplesUntilFrame) : remainingSamples;
  }

  /**
   * Pushes samples into both chains and advances the swap.
   * @param count at most the `samplesUntilFrame` of the active chain and `samplesUntilChange`
   * @returns whether the swap is complete
   */
  push(
    active: SeparationChain,
    input: Float32Array,
    offset: number,
    count: Samples,
    parameters: SeparatorParameters,
  ): boolean {
    const { chain } = this;
    this.samplesSinceSolve += count;
    const isShared = this.phase === 'settling' || this.phase === 'fading';
    const spacing = Math.min(active.hopSamples, chain.hopSamples);
    const mayActive = !isShared || !active.hasMasks || (!this.isIncomingTurn && this.samplesSinceSolve >= spacing);
    if (active.push(input, offset, count, parameters, mayActive ? 'solve' : 'hold') && mayActive)
      this.recordSolve(true);
    if (isShared) {
      const mayIncoming = !chain.hasMasks || (this.isIncomingTurn && this.samplesSinceSolve >= spacing);
      if (chain.push(input, offset, count, parameters, mayIncoming ? 'solve' : 'hold') && mayIncoming)
        this.recordSolve(false);
    } else if (this.isReceiving) chain.push(input, offset, count, parameters, 'skip');
    return this.advance(active, count);
  }

  save(): SwapState {
    const { phase, remainingSamples, isIncomingTurn, samplesSinceSolve } = this;
    return { phase, remainingSamples, tilesLoaded: this.chain.tilesLoaded, isIncomingTurn, samplesSinceSolve };
  }

  /** @throws InputError for a state that cannot be one of this swap; then it must no longer be used */
  restore({ phase, remainingSamples, tilesLoaded, isIncomingTurn, samplesSinceSolve }: SwapState): void {
    if (!PHASES.includes(phase)) throw new InputError(`swap.phase must be one of ${PHASES.join(', ')}, got "${phase}"`);
    const longest = Math.max(this.samplesOf(phase), 1);
    requireInteger('swap.remainingSamples', remainingSamples, phase === 'aligning' ? 0 : 1, longest);
    requireInteger('swap.samplesSinceSolve', samplesSinceSolve, 0, Number.MAX_SAFE_INTEGER);
    requireInteger('swap.tilesLoaded', tilesLoaded, 0, MOST_TILES);
    if (phase === 'loading') for (let tile = 0; tile < tilesLoaded; tile++) this.chain.loadTile();
    else this.chain.finishLoading();
    this.phase = phase;
    this.remainingSamples = remainingSamples;
    this.isIncomingTurn = isIncomingTurn;
    this.samplesSinceSolve = samplesSinceSolve;
  }

  private recordSolve(isActive: boolean): void {
    this.isIncomingTurn = isActive;
    this.samplesSinceSolve = 0;
  }

  private advance(active: SeparationChain, count: Samples): boolean {
    if (this.phase === 'aligning') {
      if (active.outputPosition === 0) this.enter('filling');
      return false;
    }
    this.remainingSamples -= count;
    if (this.remainingSamples > 0) return false;
    if (this.phase === 'loading') this.loadTile();
    else if (this.phase === 'filling') this.enter('settling');
    else if (this.phase === 'settling') this.enter('fading');
    else return true;
    return false;
  }

  private loadTile(): void {
    this.chain.loadTile();
    this.enter(this.chain.isLoaded ? 'aligning' : 'loading');
  }

  private enter(phase: SwapPhase): void {
    this.phase = phase;
    this.remainingSamples = this.samplesOf(phase);
    if (phase === 'settling') this.isIncomingTurn = true;
  }

  private samplesOf(phase: SwapPhase): Samples {
    const { hopSamples, windowSamples, latencySamples } = this.chain;
    if (phase === 'loading') return this.tileSamples;
    if (phase === 'filling') return Math.ceil(windowSamples / hopSamples) * hopSamples;
    if (phase === 'settling') return latencySamples + (1 + EXTRA_SETTLING_FRAMES) * hopSamples;
    return phase === 'fading' ? this.fadeSamples : 0;
  }
}
