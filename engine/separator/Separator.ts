import { InputError, requireInteger } from '../core/errors.ts';
import { StateReader, StateWriter } from '../core/StateNumbers.ts';
import type { Samples, Seconds } from '../core/units.ts';
import type { KernelVariant } from '../kernel/Kernel.ts';
import type { SpeakerSet } from '../model/SpeakerSet.ts';
import { resolveParameters, type SeparatorParameters } from './parameters.ts';
import { SeparationChain } from './SeparationChain.ts';
import type { SeparationView } from './SeparationView.ts';
import type { SeparatorState } from './SeparatorState.ts';
import type { StageProbe } from './StageProbe.ts';
import { emptyTelemetry, type Telemetry } from './Telemetry.ts';

/**
 * Output arrays of a separator, each at least as long as the block. If there are more speaker arrays than speakers, the others are
 * filled with silence.
 */
export interface SeparatorOutputs {
  readonly speakers: readonly Float32Array[];
  /** Sound that belongs to no speaker. */
  readonly rest?: Float32Array;
  /** The input, delayed like the outputs: for bypass, comparison and dry/wet. */
  readonly dry?: Float32Array;
}

export interface SeparatorOptions {
  readonly parameters?: Partial<SeparatorParameters>;
  /** Build of the compute kernel. @default the fastest that this machine supports */
  readonly variant?: KernelVariant;
  /** For measurements. @default none */
  readonly probe?: StageProbe;
}

/** Louder samples (120 dB over full scale) are invalid and replaced by silence, before their squares could overflow. */
const LOUDEST_INPUT = 1e6;
/** Samples below this (-400 dB) become zero, so that no denormal numbers enter the computation. */
const QUIETEST_INPUT = 1e-20;
/** Output samples below this, left by nearly closed masks, become zero: later processing would meet denormal numbers. */
const QUIETEST_OUTPUT = 1e-30;
/** Cross-fade to a new chain once it has settled. */
const SWAP_FADE_SECONDS: Seconds = 0.05;
const SCRATCH_SAMPLES = 1024;

/**
 * The separation plugin: one mixture in; one output per speaker and the rest out, `latencySamples` later. While speakers are loaded the
 * outputs sum to the delayed input. Construction allocates; `process` accepts blocks of any size with identical results, and neither
 * allocates, throws nor blocks.
 */
export class Separator {
  /** Updated in place after each frame. */
  readonly telemetry: Telemetry = emptyTelemetry();

  private readonly variant: KernelVariant | undefined;
  private readonly probe: StageProbe | null;
  private active: SeparationChain;
  /** Runs beside the active chain until it has settled, then fades in. */
  private incoming: SeparationChain | null = null;
  /** Starts once the running fade has ended. */
  private waiting: SeparationChain | null = null;
  private remainingSettling = 0;
  private fadePosition = 0;
  private readonly fadeSamples: Samples;
  private parameters: SeparatorParameters;
  private readonly scratch = new Float32Array(SCRATCH_SAMPLES);
  private isLowComplexity = false;
  private isSuspended = false;

  /** @throws InputError for parameters out of range */
  constructor(speakerSet: SpeakerSet, options: SeparatorOptions = {}) {
    this.parameters = resolveParameters(options.parameters);
    this.variant = options.variant;
    this.probe = options.probe ?? null;
    this.active = new SeparationChain(speakerSet, this.parameters, this.telemetry, this.variant, this.probe);
    this.fadeSamples = Math.max(1, Math.round(SWAP_FADE_SECONDS * speakerSet.plan.sampleRateHertz));
  }

  /** Algorithmic delay of the outputs; the blocks of the sound card come on top. */
  get latencySamples(): Samples {
    return this.active.latencySamples;
  }

  /** Number of speakers of the newest speaker set. */
  get speakers(): number {
    return (this.waiting ?? this.incoming ?? this.active).speakers;
  }

  /** The latest frame of the active speaker set. */
  get view(): SeparationView {
    return this.active.view;
  }

  /** Samples after resuming from suspension until the outputs are valid again. */
  get settlingSamples(): Samples {
    return this.active.settlingSamples;
  }

  /** True from `swapTemplates` until the cross-fade has ended. */
  get isSwapping(): boolean {
    return this.incoming !== null;
  }

  /**
   * Applies all changes at once, from the next block on; jumps are ramped.
   * @thread audio, between blocks
   * @throws InputError naming the parameter; then nothing changes
   */
  setParameters(changes: Partial<SeparatorParameters>): void {
    this.parameters = resolveParameters({ ...this.parameters, ...changes });
  }

  /**
   * Low-complexity mode: solves without the frequency-scaled copies of templates, for a third of the solver's work. For overload.
   * @thread audio, between blocks
   */
  setLowComplexity(isLowComplexity: boolean): void {
    this.isLowComplexity = isLowComplexity;
    this.applyLoadLimits();
  }

  /**
   * Suspends separation: `dry` continues, all other outputs are silent immediately and valid again `settlingSamples` after resuming. The
   * caller cross-fades to `dry` before suspending, and back afterwards.
   * @thread audio, between blocks
   */
  setSuspended(isSuspended: boolean): void {
    this.isSuspended = isSuspended;
    this.applyLoadLimits();
  }

  /**
   * Changes speakers, window, hop or latency without a click: the new chain runs beside the old one until it has settled, then fades
   * in. Allocates and builds the chain, which takes several milliseconds. A swap during a fade starts when the fade has ended; of
   * several, only the last.
   * @thread audio, between blocks
   */
  swapTemplates(speakerSet: SpeakerSet): void {
    const chain = new SeparationChain(speakerSet, this.parameters, this.telemetry, this.variant, this.probe);
    if (this.incoming !== null && this.remainingSettling === 0) this.waiting = chain;
    else this.settle(chain);
    this.applyLoadLimits();
  }

  /**
   * Separates the next samples.
   * @thread audio
   * @param input [sampleCount] mono; samples that are not finite are replaced by silence and counted
   * @param outputs [sampleCount] each, overwritten from their start; must not overlap `input`
   * @param sampleCount @default the length of `input`
   */
  process(input: Float32Array, outputs: SeparatorOutputs, sampleCount = input.length): void {
    for (let offset = 0; offset < sampleCount; ) {
      const count = Math.min(sampleCount - offset, SCRATCH_SAMPLES);
      this.sanitize(input, offset, count);
      this.processClean(outputs, offset, count);
      offset += count;
    }
  }

  /** Back to the state of a new separator with the newest speaker set and parameters. */
  reset(): void {
    this.active = this.waiting ?? this.incoming ?? this.active;
    this.incoming = null;
    this.waiting = null;
    this.remainingSettling = 0;
    this.fadePosition = 0;
    this.active.reset(this.parameters);
    Object.assign(this.telemetry, emptyTelemetry());
  }

  /**
   * Saves everything that future output depends on, also in the middle of a swap. Allocates.
   * @thread audio, between blocks
   */
  saveState(): SeparatorState {
    const chains = this.chains;
    const state = new StateWriter();
    for (const chain of chains) chain.save(state);
    return {
      speakerSets: chains.map((chain) => chain.view.speakerSet),
      parameters: this.parameters,
      isLowComplexity: this.isLowComplexity,
      isSuspended: this.isSuspended,
      remainingSettling: this.remainingSettling,
      fadePosition: this.fadePosition,
      telemetry: { ...this.telemetry },
      numbers: state.finish(),
    };
  }

  /**
   * Continues, bit by bit, from a state that this or another separator saved. Allocates.
   * @thread audio, between blocks
   * @param state of a separator with the same sample rate
   * @throws InputError for a state that does not match its speaker sets; then nothing changes
   */
  restoreState(state: SeparatorState): void {
    const parameters = resolveParameters(state.parameters);
    requireInteger('speaker sets in the state', state.speakerSets.length, 1, 3);
    requireInteger('fadePosition', state.fadePosition, 0, this.fadeSamples - 1);
    const reader = new StateReader(state.numbers);
    const chains = state.speakerSets.map((speakerSet) => {
      const chain = new SeparationChain(speakerSet, parameters, this.telemetry, this.variant, this.probe);
      chain.setSuspended(state.isSuspended);
      chain.restore(reader);
      return chain;
    });
    reader.end();
    const [active, incoming, waiting] = chains;
    if (active === undefined) throw new InputError('state must have at least one speaker set');
    requireInteger('remainingSettling', state.remainingSettling, 0, incoming?.settlingSamples ?? 0);
    this.active = active;
    this.incoming = incoming ?? null;
    this.waiting = waiting ?? null;
    this.parameters = parameters;
    this.remainingSettling = state.remainingSettling;
    this.fadePosition = state.fadePosition;
    this.isLowComplexity = state.isLowComplexity;
    this.isSuspended = state.isSuspended;
    this.applyLoadLimits();
    Object.assign(this.telemetry, state.telemetry);
  }

  /** The existing chains: active, incoming, waiting. */
  private get chains(): SeparationChain[] {
    return [this.active, this.incoming, this.waiting].filter((chain) => chain !== null);
  }

  private applyLoadLimits(): void {
    for (const chain of this.chains) {
      chain.setLowComplexity(this.isLowComplexity);
      chain.setSuspended(this.isSuspended);
    }
  }

  private settle(chain: SeparationChain): void {
    this.incoming = chain;
    this.remainingSettling = chain.settlingSamples;
    this.fadePosition = 0;
  }

  private sanitize(input: Float32Array, offset: number, count: number): void {
    const { scratch } = this;
    for (let n = 0; n < count; n++) {
      const sample = input[offset + n]!;
      const level = Math.abs(sample);
      if (level <= LOUDEST_INPUT) scratch[n] = level < QUIETEST_INPUT ? 0 : sample;
      else {
        scratch[n] = 0;
        this.telemetry.invalidSamples++;
      }
    }
  }

  /** Processes `scratch` in steps that end where a chain completes a frame, settling ends or the fade ends. */
  private processClean(outputs: SeparatorOutputs, outputOffset: number, count: number): void {
    for (let offset = 0; offset < count; ) {
      let step = Math.min(count - offset, this.active.samplesUntilFrame);
      if (this.incoming !== null) {
        const phaseEnd = this.remainingSettling > 0 ? this.remainingSettling : this.fadeSamples - this.fadePosition;
        step = Math.min(step, this.incoming.samplesUntilFrame, phaseEnd);
      }
      this.advance(outputs, outputOffset + offset, offset, step);
      offset += step;
    }
  }

  private advance(outputs: SeparatorOutputs, outputOffset: number, offset: number, count: number): void {
    const { active, incoming, scratch, parameters } = this;
    const isFading = incoming !== null && this.remainingSettling === 0;
    active.pushDry(scratch, offset, count);
    incoming?.pushDry(scratch, offset, count);
    for (let s = 0; s < outputs.speakers.length; s++) {
      const from = s < active.speakers ? active.speakerOutput(s) : null;
      const to = isFading && s < incoming.speakers ? incoming.speakerOutput(s) : null;
      this.write(from, to, isFading, outputs.speakers[s]!, outputOffset, count);
    }
    const toRest = isFading ? incoming.restOutput : null;
    if (outputs.rest !== undefined) this.write(active.restOutput, toRest, isFading, outputs.rest, outputOffset, count);
    const toDry = isFading ? incoming.dryOutput : null;
    if (outputs.dry !== undefined) this.write(active.dryOutput, toDry, isFading, outputs.dry, outputOffset, count);
    active.push(scratch, offset, count, parameters);
    incoming?.push(scratch, offset, count, parameters);
    if (incoming !== null) this.advanceSwap(incoming, count);
  }

  private write(
    from: Float32Array | null,
    to: Float32Array | null,
    isFading: boolean,
    output: Float32Array,
    outputOffset: number,
    count: number,
  ): void {
    const fromPosition = this.active.outputPosition;
    const toPosition = this.incoming === null ? 0 : this.incoming.outputPosition;
    for (let n = 0; n < count; n++) {
      const old = from === null ? 0 : from[fromPosition + n]!;
      let sample = old;
      if (isFading) {
        const fresh = to === null ? 0 : to[toPosition + n]!;
        sample = old + (fresh - old) * ((this.fadePosition + n) / this.fadeSamples);
      }
      output[outputOffset + n] = Math.abs(sample) < QUIETEST_OUTPUT ? 0 : sample;
    }
  }

  private advanceSwap(incoming: SeparationChain, count: number): void {
    if (this.remainingSettling > 0) {
      this.remainingSettling -= count;
      return;
    }
    this.fadePosition += count;
    if (this.fadePosition < this.fadeSamples) return;
    this.active = incoming;
    this.incoming = null;
    this.fadePosition = 0;
    if (this.waiting !== null) {
      this.settle(this.waiting);
      this.waiting = null;
    }
  }
}
