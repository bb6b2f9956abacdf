import { InputError, requireInteger } from '../core/errors.ts';
import { LOUDEST_INPUT } from '../core/limits.ts';
import { StateReader, StateWriter } from '../core/StateNumbers.ts';
import type { Hertz, Samples } from '../core/units.ts';
import type { KernelVariant } from '../kernel/Kernel.ts';
import { KernelPool } from '../kernel/KernelPool.ts';
import type { SpeakerSet } from '../model/SpeakerSet.ts';
import type { SpeakerSetShape } from '../model/SpeakerSetShape.ts';
import { assignOutputs } from '../model/speakerOutputs.ts';
import { ChainSwap } from './ChainSwap.ts';
import type { PackedSpeakerSet } from './PackedSpeakerSet.ts';
import { packSpeakerSet } from './packSpeakerSet.ts';
import { resolveParameters, type SeparatorParameters } from './parameters.ts';
import { SeparationChain } from './SeparationChain.ts';
import type { SeparationView } from './SeparationView.ts';
import type { SeparatorState } from './SeparatorState.ts';
import type { StageProbe } from './StageProbe.ts';
import { emptyTelemetry, type Telemetry } from './Telemetry.ts';

/** Output arrays of a separator, each at least as long as the block. */
export interface SeparatorOutputs {
  /**
   * The first speaker set has its speakers on the outputs from 0 on, in its order. A voice that stays in a swap keeps its output
   * (`SpeakerSetShape.outputs`); others get free ones, all of them below `MAXIMUM_OUTPUTS`. Outputs without a speaker are filled with silence.
   */
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
  /**
   * Memory reserved for each of two chains to come, so that a swap to a speaker set up to this size allocates none. Only what a chain
   * uses is occupied. @default 0: the first swaps allocate, in 0.3 ms and more
   */
  readonly reservedBytes?: number;
  /** Delay of the channels passed to `process` against the input; at most the latency of any speaker set. @default 0 */
  readonly channelLatencySamples?: Samples;
}

/** Reservation for live use: enough for eight adapted voices of 40 templates at 96 kHz. */
export const LIVE_RESERVED_BYTES = 2 ** 27;

/** Samples below this (-400 dB) become zero, so that no denormal numbers enter the computation. */
const QUIETEST_INPUT = 1e-20;
/** Output samples below this, left by nearly closed masks, become zero: later processing would meet denormal numbers. */
const QUIETEST_OUTPUT = 1e-30;
const SCRATCH_SAMPLES = 1024;

/**
 * The separation plugin: one mixture in; one output per speaker and the rest out, `latencySamples` later. While speakers are loaded the
 * outputs sum to the delayed input. Construction allocates; `process` accepts blocks of any size with identical results, and neither
 * allocates, throws nor blocks.
 */
export class Separator {
  /** Updated in place after each frame. */
  readonly telemetry: Telemetry = emptyTelemetry();

  private readonly probe: StageProbe | null;
  private readonly kernels: KernelPool;
  private readonly sampleRateHertz: Hertz;
  private readonly channelLatencySamples: Samples;
  private active: SeparationChain;
  /** Replaces the active chain step by step. */
  private swap: ChainSwap | null = null;
  /** Starts once the running fade has ended. */
  private waiting: ChainSwap | null = null;
  private parameters: SeparatorParameters;
  private readonly scratch = new Float32Array(SCRATCH_SAMPLES);
  private isLowComplexity = false;
  private isSuspended = false;

  /** @throws InputError for parameters out of range */
  constructor(speakerSet: SpeakerSet | PackedSpeakerSet, options: SeparatorOptions = {}) {
    this.parameters = resolveParameters(options.parameters);
    this.probe = options.probe ?? null;
    this.kernels = new KernelPool(options.variant);
    this.channelLatencySamples = options.channelLatencySamples ?? 0;
    const packed = packedOf(speakerSet);
    this.sampleRateHertz = packed.shape.plan.sampleRateHertz;
    this.active = this.createChain(packed);
    this.active.finishLoading();
    if (options.reservedBytes !== undefined) this.kernels.reserve(options.reservedBytes);
  }

  /** Algorithmic delay of the outputs; the blocks of the sound card come on top. */
  get latencySamples(): Samples {
    return this.active.latencySamples;
  }

  /** Number of speakers of the newest speaker set. */
  get speakers(): number {
    return this.newest.speakers;
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
    return this.swap !== null;
  }

  /** The speaker set that replaces the active one when it has been loaded and has settled; null: none. */
  get incoming(): SpeakerSetShape | null {
    return this.swap?.chain.view.speakerSet ?? null;
  }

  /** The speaker set that is fading in while the active one fades out; null: none. */
  get fadingIn(): SpeakerSetShape | null {
    return this.swap?.isFading === true ? this.swap.chain.view.speakerSet : null;
  }

  /** Samples that can be processed before a swap may advance; infinite without a swap. */
  get samplesUntilSwapAdvances(): Samples {
    const { swap, active } = this;
    return swap === null ? Number.POSITIVE_INFINITY : Math.min(active.samplesUntilFrame, swap.samplesUntilChange);
  }

  /** True while `process` still reads the images of packed speaker sets. */
  get isLoading(): boolean {
    return !this.newest.isLoaded;
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
   * Changes speakers, window, hop or latency without a click: the new chain is copied, settles beside the old one, then fades in. A swap
   * during a fade starts when the fade has ended; of several, only the last. No output carries two voices at once: see `SeparatorOutputs`.
   * @param speakerSet packed (`packSpeakerSet`) where this thread must not be late: then this call takes about 0.5 ms and allocates some
   * kilobytes, and the work is spread over the following blocks. Otherwise it is packed here, in 5 to 200 ms.
   * @thread audio, between blocks
   */
  swapTemplates(speakerSet: SpeakerSet | PackedSpeakerSet): void {
    const packed = packedOf(speakerSet);
    const { swap, waiting } = this;
    const mustWait = swap?.isFading === true;
    const replaced = mustWait ? waiting : swap;
    if (replaced !== null) this.kernels.give(replaced.chain.kernel);
    const predecessor = mustWait ? swap.chain : this.active;
    const shape = assignOutputs(packed.shape, predecessor.view.speakerSet);
    const next = new ChainSwap(this.createChain({ ...packed, shape }), this.sampleRateHertz);
    if (mustWait) this.waiting = next;
    else this.swap = next;
    this.applyLoadLimits();
  }

  /**
   * Separates the next samples.
   * @thread audio
   * @param input [sampleCount] mono; samples that are not finite are replaced by silence and counted
   * @param outputs [sampleCount] each, overwritten; must not overlap `input`
   * @param sampleCount @default the length of `input`
   * @param firstSample index of the first sample, in the input, in all channels and in all outputs
   * @param channels [channels][sampleCount] finite sound of the speakers that have a channel (`SampledSpeaker.channel`); null: they are silent.
   * In all calls or in none. With such speakers the outputs do not sum to the delayed input.
   */
  process(
    input: Float32Array,
    outputs: SeparatorOutputs,
    sampleCount = input.length,
    firstSample = 0,
    channels: readonly Float32Array[] | null = null,
  ): void {
    const end = firstSample + sampleCount;
    for (let offset = firstSample; offset < end; ) {
      const count = Math.min(end - offset, SCRATCH_SAMPLES);
      this.sanitize(input, offset, count);
      this.processClean(outputs, offset, count, channels);
      offset += count;
    }
  }

  /** Back to the state of a new separator with the newest speaker set and parameters. */
  reset(): void {
    this.active = this.newest;
    this.swap = null;
    this.waiting = null;
    this.active.finishLoading();
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
      speakerSets: chains.map((chain) => chain.pack()),
      parameters: this.parameters,
      isLowComplexity: this.isLowComplexity,
      isSuspended: this.isSuspended,
      swap: this.swap?.save() ?? null,
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
    const chains = state.speakerSets.map((speakerSet) => this.createChain(speakerSet));
    const [active, incoming, waiting] = chains;
    if (active === undefined || (incoming === undefined) !== (state.swap === null)) {
      throw new InputError('state must have a swap if, and only if, it has more than one speaker set');
    }
    active.finishLoading();
    const swap = incoming === undefined ? null : new ChainSwap(incoming, this.sampleRateHertz);
    if (state.swap !== null) swap?.restore(state.swap);
    const reader = new StateReader(state.numbers);
    for (const chain of chains) {
      chain.setSuspended(state.isSuspended);
      chain.restore(reader);
    }
    reader.end();
    this.active = active;
    this.swap = swap;
    this.waiting = waiting === undefined ? null : new ChainSwap(waiting, this.sampleRateHertz);
    this.parameters = parameters;
    this.isLowComplexity = state.isLowComplexity;
    this.isSuspended = state.isSuspended;
    this.applyLoadLimits();
    Object.assign(this.telemetry, state.telemetry);
  }

  /** The existing chains: active, incoming, waiting. */
  private get chains(): SeparationChain[] {
    return [this.active, this.swap?.chain ?? null, this.waiting?.chain ?? null].filter((chain) => chain !== null);
  }

  private get newest(): SeparationChain {
    return (this.waiting ?? this.swap)?.chain ?? this.active;
  }

  private createChain({ shape, image }: PackedSpeakerSet): SeparationChain {
    const kernel = this.kernels.take(image.byteLength);
    const { parameters, telemetry, probe, channelLatencySamples } = this;
    const chain = new SeparationChain(kernel, shape, parameters, telemetry, probe, channelLatencySamples);
    chain.startLoading(image);
    return chain;
  }

  private applyLoadLimits(): void {
    for (const chain of this.chains) {
      chain.setLowComplexity(this.isLowComplexity);
      chain.setSuspended(this.isSuspended);
    }
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

  /** Processes `scratch` in steps that end where a chain completes a frame or the swap changes. */
  private processClean(
    outputs: SeparatorOutputs,
    outputOffset: number,
    count: number,
    channels: readonly Float32Array[] | null,
  ): void {
    for (let offset = 0; offset < count; ) {
      let step = Math.min(count - offset, this.active.samplesUntilFrame);
      if (this.swap !== null) step = Math.min(step, this.swap.samplesUntilChange);
      if (channels !== null) this.pushChannels(channels, outputOffset + offset, step);
      this.advance(outputs, outputOffset + offset, offset, step);
      offset += step;
    }
  }

  private pushChannels(channels: readonly Float32Array[], offset: number, count: number): void {
    const { active, swap } = this;
    active.pushChannels(channels, offset, count);
    if (swap?.isReceiving === true) swap.chain.pushChannels(channels, offset, count);
  }

  private advance(outputs: SeparatorOutputs, outputOffset: number, offset: number, count: number): void {
    const { active, swap, scratch, parameters } = this;
    const incoming = swap?.isFading === true ? swap.chain : null;
    active.pushDry(scratch, offset, count);
    if (swap?.isReceiving === true) swap.chain.pushDry(scratch, offset, count);
    for (let s = 0; s < outputs.speakers.length; s++) {
      const output = outputs.speakers[s];
      if (output === undefined) continue;
      this.write(active.output(s), incoming === null ? null : incoming.output(s), output, outputOffset, count);
    }
    if (outputs.rest !== undefined)
      this.write(active.restOutput, incoming === null ? null : incoming.restOutput, outputs.rest, outputOffset, count);
    if (outputs.dry !== undefined)
      this.write(active.dryOutput, incoming === null ? null : incoming.dryOutput, outputs.dry, outputOffset, count);
    if (swap === null) active.push(scratch, offset, count, parameters);
    else if (swap.push(active, scratch, offset, count, parameters)) this.finish(swap);
  }

  /** Writes the output of the active chain, or during a fade the mix with that of the incoming one. Null is silence. */
  private write(
    from: Float32Array | null,
    to: Float32Array | null,
    output: Float32Array,
    outputOffset: number,
    count: number,
  ): void {
    const { active, swap } = this;
    const fromPosition = active.outputPosition;
    const toPosition = swap === null ? 0 : swap.chain.outputPosition;
    const isFading = swap?.isFading === true;
    for (let n = 0; n < count; n++) {
      const old = from === null ? 0 : from[fromPosition + n]!;
      let sample = old;
      if (isFading) {
        const fresh = to === null ? 0 : to[toPosition + n]!;
        sample = old + (fresh - old) * swap.weightAt(n);
      }
      output[outputOffset + n] = Math.abs(sample) < QUIETEST_OUTPUT ? 0 : sample;
    }
  }

  private finish({ chain }: ChainSwap): void {
    this.kernels.give(this.active.kernel);
    this.active = chain;
    this.swap = this.waiting;
    this.waiting = null;
  }
}

function packedOf(speakerSet: SpeakerSet | PackedSpeakerSet): PackedSpeakerSet {
  return 'image' in speakerSet ? speakerSet : packSpeakerSet(speakerSet);
}
