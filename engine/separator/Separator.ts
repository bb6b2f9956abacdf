import { requireInteger } from '../core/errors.ts';
import { StateReader, StateWriter } from '../core/StateNumbers.ts';
import type { Samples, Seconds } from '../core/units.ts';
import type { KernelVariant } from '../kernel/Kernel.ts';
import type { SpeakerSet } from '../model/SpeakerSet.ts';
import { resolveParameters, type SeparatorParameters } from './parameters.ts';
import { SeparationChain } from './SeparationChain.ts';
import type { SeparationView } from './SeparationView.ts';
import type { SeparatorState } from './SeparatorState.ts';
import { emptyTelemetry, type Telemetry } from './Telemetry.ts';

/**
 * Where a separator writes, each array at least as long as the block. There may be more speaker arrays than speakers: the others
 * become silent. `rest` and `dry` are optional.
 */
export interface SeparatorOutputs {
  readonly speakers: readonly Float32Array[];
  /** What belongs to no speaker. */
  readonly rest?: Float32Array;
  /** The input, delayed as the outputs are: for bypass, comparison and dry/wet. */
  readonly dry?: Float32Array;
}

export interface SeparatorOptions {
  readonly parameters?: Partial<SeparatorParameters>;
  /** Build of the compute kernel; by default the fastest that runs here. */
  readonly variant?: KernelVariant;
}

/** Samples beyond this are no sound (120 dB over full scale) and become silence, before they could overflow a square. */
const LOUDEST_INPUT = 1e6;
/** Samples below this (-400 dB) become zero, so that no denormal number ever enters the arithmetic. */
const QUIETEST_INPUT = 1e-20;
/** Masks that nearly close leave less: it becomes zero, or who processes the outputs further would meet denormal numbers. */
const QUIETEST_OUTPUT = 1e-30;
/** New templates fade in over this time once their chain has settled. */
const SWAP_FADE_SECONDS: Seconds = 0.05;
const SCRATCH_SAMPLES = 1024;

/**
 * The plugin: one mixture in, one output per speaker and the rest out, `latencySamples` later; while anybody is loaded
 * the outputs sum to the delayed input.
 * Construction allocates; `process` takes blocks of any size, with the same result however the input is cut, and allocates nothing,
 * throws nothing and waits for nobody.
 */
export class Separator {
  /** Overwritten in place, frame by frame. */
  readonly telemetry: Telemetry = emptyTelemetry();

  private readonly variant: KernelVariant | undefined;
  private active: SeparationChain;
  /** Settles beside the active chain, then fades in. */
  private incoming: SeparationChain | null = null;
  /** Waits until a running fade is over. */
  private waiting: SeparationChain | null = null;
  private remainingSettling = 0;
  private fadePosition = 0;
  private readonly fadeSamples: Samples;
  private parameters: SeparatorParameters;
  private readonly scratch = new Float32Array(SCRATCH_SAMPLES);
  private isLowComplexity = false;
  private isSuspended = false;

  /**
   * @thread control
   * @throws InputError for parameters out of range
   */
  constructor(speakerSet: SpeakerSet, options: SeparatorOptions = {}) {
    this.parameters = resolveParameters(options.parameters);
    this.variant = options.variant;
    this.active = new SeparationChain(speakerSet, this.parameters, this.telemetry, this.variant);
    this.fadeSamples = Math.max(1, Math.round(SWAP_FADE_SECONDS * speakerSet.plan.sampleRateHertz));
  }

  /** Algorithmic delay of the outputs; the sound card's blocks come on top. */
  get latencySamples(): Samples {
    return this.active.latencySamples;
  }

  /** Speakers of the newest speaker set. */
  get speakers(): number {
    return (this.waiting ?? this.incoming ?? this.active).speakers;
  }

  /** The latest frame of the speaker set that is heard. */
  get view(): SeparationView {
    return this.active.view;
  }

  /** Samples until the outputs of a speaker set that was suspended are right again. */
  get settlingSamples(): Samples {
    return this.active.settlingSamples;
  }

  /** True from `swapTemplates` until the new templates alone are heard. */
  get isSwapping(): boolean {
    return this.incoming !== null;
  }

  /**
   * Takes all parameters at once, from the next block on; jumps are ramped.
   * @thread the one that calls `process`, between blocks
   * @throws InputError naming the parameter; then nothing changes
   */
  setParameters(changes: Partial<SeparatorParameters>): void {
    this.parameters = resolveParameters({ ...this.parameters, ...changes });
  }

  /**
   * Solves with each template's core only, for a third of the solver's work; what an overloaded host does before it drops sound.
   * @thread the one that calls `process`, between blocks
   */
  setEconomical(isLowComplexity: boolean): void {
    this.isLowComplexity = isLowComplexity;
    this.applyLoadLimits();
  }

  /**
   * Stops separating: `dry` goes on, all other outputs are silent at once; they are right again `settlingSamples` after resuming. Who
   * listens fades to `dry` before, and back after.
   * @thread the one that calls `process`, between blocks
   */
  setSuspended(isSuspended: boolean): void {
    this.isSuspended = isSuspended;
    this.applyLoadLimits();
  }

  /**
   * Changes speakers, window, hop or latency without a click: the new chain runs beside the old one until it has settled, then fades
   * in. Allocates; where that matters, call between blocks with time to spare. A swap during a fade waits for its end; of several
   * waiting ones the last wins.
   * @thread the one that calls `process`, between blocks
   */
  swapTemplates(speakerSet: SpeakerSet): void {
    const chain = new SeparationChain(speakerSet, this.parameters, this.telemetry, this.variant);
    if (this.incoming !== null && this.remainingSettling === 0) this.waiting = chain;
    else this.settle(chain);
    this.applyLoadLimits();
  }

  /**
   * Separates the next samples.
   * @thread audio
   * @param input [sampleCount] mono; samples that are not finite become silence and are counted
   * @param outputs borrowed for the call, overwritten from their start; must not overlap `input`
   * @param sampleCount defaults to the length of `input`
   */
  process(input: Float32Array, outputs: SeparatorOutputs, sampleCount = input.length): void {
    for (let offset = 0; offset < sampleCount; ) {
      const count = Math.min(sampleCount - offset, SCRATCH_SAMPLES);
      this.sanitize(input, offset, count);
      this.processClean(outputs, offset, count);
      offset += count;
    }
  }

  /** Forgets all sound: what follows equals the output of a new separator with the newest speaker set and parameters. */
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
   * All that the sound to come depends on, also in the middle of a swap. Allocates.
   * @thread the one that calls `process`, between blocks
   */
  saveState(): SeparatorState {
    const chains = this.chains;
    const state = new StateWriter();
    for (const chain of chains) chain.save(state);
    return {
      speakerSets: chains.map((chain) => chain.view.speakerSet),
      ...{ parameters: this.parameters, telemetry: { ...this.telemetry } },
      ...{ isLowComplexity: this.isLowComplexity, isSuspended: this.isSuspended },
      ...{ remainingSettling: this.remainingSettling, fadePosition: this.fadePosition, numbers: state.finish() },
    };
  }

  /**
   * Goes on, bit by bit, where `saveState` of this or another separator stood. Allocates.
   * @param state at the sample rate of this separator
   * @thread the one that calls `process`, between blocks
   * @throws InputError for a state that does not fit its speaker sets; then nothing changes
   */
  restoreState(state: SeparatorState): void {
    const parameters = resolveParameters(state.parameters);
    requireInteger('speaker sets in the state', state.speakerSets.length, 1, 3);
    requireInteger('fadePosition', state.fadePosition, 0, this.fadeSamples - 1);
    const reader = new StateReader(state.numbers);
    const chains = state.speakerSets.map((speakerSet) => {
      const chain = new SeparationChain(speakerSet, parameters, this.telemetry, this.variant);
      chain.setSuspended(state.isSuspended);
      chain.restore(reader);
      return chain;
    });
    reader.end();
    const [active, incoming, waiting] = chains;
    requireInteger('remainingSettling', state.remainingSettling, 0, incoming?.settlingSamples ?? 0);
    this.active = active!;
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

  /** Those that there are: what is heard, what comes in, what waits. */
  private get chains(): SeparationChain[] {
    return [this.active, this.incoming, this.waiting].filter((chain) => chain !== null);
  }

  private applyLoadLimits(): void {
    for (const chain of this.chains) {
      chain.setEconomical(this.isLowComplexity);
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

  /** Advances in steps that end where a chain completes a frame, where settling ends or where the fade ends. */
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
    if (incoming !== null) this.progressSwap(count);
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

  private progressSwap(count: number): void {
    if (this.remainingSettling > 0) {
      this.remainingSettling -= count;
      return;
    }
    this.fadePosition += count;
    if (this.fadePosition < this.fadeSamples) return;
    this.active = this.incoming!;
    this.incoming = null;
    this.fadePosition = 0;
    if (this.waiting !== null) {
      this.settle(this.waiting);
      this.waiting = null;
    }
  }
}
