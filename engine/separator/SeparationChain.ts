import { CircularBuffer } from '../core/CircularBuffer.ts';
import { MAXIMUM_OUTPUTS } from '../core/limits.ts';
import type { StateReader, StateWriter } from '../core/StateNumbers.ts';
import type { Samples } from '../core/units.ts';
import { ImageCopy } from '../kernel/ImageCopy.ts';
import { Kernel } from '../kernel/Kernel.ts';
import type { SpeakerSet } from '../model/SpeakerSet.ts';
import type { SpeakerSetShape } from '../model/SpeakerSetShape.ts';
import { InverseStft } from '../stft/InverseStft.ts';
import { magnitudeScale, writeMagnitudes } from '../stft/magnitudes.ts';
import { Stft } from '../stft/Stft.ts';
import { binCount, latencySamples } from '../stft/StftPlan.ts';
import { BackgroundMask } from './BackgroundMask.ts';
import { ChannelOutputs } from './ChannelOutputs.ts';
import type { PackedSpeakerSet } from './PackedSpeakerSet.ts';
import { ParameterRamp } from './ParameterRamp.ts';
import { PARAMETER_RAMP_SECONDS, type SeparatorParameters } from './parameters.ts';
import type { SeparationView } from './SeparationView.ts';
import { SpeakerSetSolver } from './SpeakerSetSolver.ts';
import type { StageProbe } from './StageProbe.ts';
import type { Telemetry } from './Telemetry.ts';
import { WienerMask } from './WienerMask.ts';

/**
 * Work on a frame. `solve`: all of it. `hold`: the masks of the latest solved frame are applied again, which saves nearly all of the
 * time. `skip`: none, the outputs stay silent.
 */
export type FrameWork = 'solve' | 'hold' | 'skip';

/**
 * Signal chain of one speaker set: STFT, activations, mask, inverse STFT. A frame is processed whenever a hop of input is complete; its
 * samples are read from `output`, `restOutput` and `dryOutput` while the next hop arrives. The constructor lays out arrays in the
 * kernel; templates and weights arrive by `setTemplates`, or with an image of another chain's kernel.
 * @thread audio, except the constructor and `setTemplates`. Allocates nothing after construction.
 */
export class SeparationChain {
  readonly windowSamples: Samples;
  readonly hopSamples: Samples;
  readonly latencySamples: Samples;
  /** Input samples after which the output no longer depends on when the chain was started. */
  readonly settlingSamples: Samples;
  readonly speakers: number;
  /** The latest frame, for display. */
  readonly view: SeparationView;

  readonly kernel: Kernel;
  private readonly shape: SpeakerSetShape;
  private readonly stft: Stft;
  private readonly solver: SpeakerSetSolver;
  private readonly mask: WienerMask;
  /** Null if the speaker set has no model of the background. */
  private readonly background: BackgroundMask | null;
  private readonly inverses: readonly InverseStft[];
  /** [MAXIMUM_OUTPUTS] inverse STFT of the speaker on each output; null: none. */
  private readonly outputs: readonly (InverseStft | null)[];
  private readonly restInverse: InverseStft;
  /** Null if no speaker has a channel. */
  private readonly channelOutputs: ChannelOutputs | null;
  private readonly dryDelay: CircularBuffer;
  private readonly dry: Float32Array;
  private readonly magnitudes: Float32Array;
  private readonly magnitudeScale: number;
  private readonly magnitudeExponent: number;
  private readonly ramp: ParameterRamp;
  private readonly telemetry: Telemetry;
  private readonly probe: StageProbe | null;
  /** Frames until the rest is silent after it was turned off; at 0 its inverse transform is skipped. */
  private restFrames = 0;
  private readonly framesPerSynthesis: number;
  private positionInHop = 0;
  private isSuspended = false;
  private hasSolved = false;
  /** Null once all of it is copied. */
  private copy: ImageCopy | null = null;
  private image: Int32Array | null = null;

  static requiredBytes(shape: SpeakerSetShape): number {
    const { plan, speakers, background } = shape;
    const { windowSamples, hopSamples } = plan;
    return (
      (background === null ? 0 : BackgroundMask.requiredBytes(background)) +
      Stft.requiredBytes(windowSamples) +
      (speakers.length + 1) * InverseStft.requiredBytes(windowSamples) +
      SpeakerSetSolver.requiredBytes(shape) +
      (speakers.length + 2) * Kernel.bytesFor(binCount(plan)) +
      Kernel.bytesFor(latencySamples(plan)) +
      Kernel.bytesFor(hopSamples)
    );
  }

  /**
   * @param kernel with room for `requiredBytes`
   * @param telemetry updated after each frame
   * @param channelLatencySamples delay with which the channels of speakers that have one arrive; at most the chain's own
   */
  constructor(
    kernel: Kernel,
    shape: SpeakerSetShape,
    parameters: SeparatorParameters,
    telemetry: Telemetry,
    probe: StageProbe | null = null,
    channelLatencySamples: Samples = 0,
  ) {
    const { plan, bins, speakers } = shape;
    const { windows, windowSamples, hopSamples, sampleRateHertz } = plan;
    const allocate = (length: number) => kernel.float32(length).values;
    this.kernel = kernel;
    this.shape = shape;
    this.windowSamples = windowSamples;
    this.hopSamples = hopSamples;
    this.stft = new Stft(kernel, windows.analysis, hopSamples);
    this.inverses = speakers.map(() => new InverseStft(kernel, windows, hopSamples));
    this.outputs = Array.from(
      { length: MAXIMUM_OUTPUTS },
      (_, output) => this.inverses[shape.outputs.indexOf(output)] ?? null,
    );
    this.restInverse = new InverseStft(kernel, windows, hopSamples);
    this.solver = new SpeakerSetSolver(kernel, shape, probe);
    this.mask = new WienerMask(speakers.length, binCount(plan), bins, allocate);
    this.background = shape.background === null ? null : new BackgroundMask(kernel, shape.background);
    this.magnitudes = allocate(binCount(plan));
    this.latencySamples = latencySamples(plan);
    this.settlingSamples = windowSamples + this.latencySamples;
    this.channelOutputs = speakers.every(({ channel }) => channel === undefined)
      ? null
      : new ChannelOutputs(shape, MAXIMUM_OUTPUTS, Math.max(0, this.latencySamples - channelLatencySamples));
    this.framesPerSynthesis = Math.ceil(this.latencySamples / hopSamples) + 1;
    this.dryDelay = new CircularBuffer(this.latencySamples, allocate(this.latencySamples));
    this.dry = allocate(hopSamples);
    this.speakers = speakers.length;
    this.magnitudeScale = magnitudeScale(windows.analysis, sampleRateHertz);
    this.magnitudeExponent = shape.magnitudeExponent;
    const rampFrames = Math.max(1, Math.round((PARAMETER_RAMP_SECONDS * sampleRateHertz) / hopSamples));
    this.ramp = new ParameterRamp(parameters, rampFrames);
    this.telemetry = telemetry;
    this.probe = probe;
    this.view = {
      speakerSet: shape,
      spectrum: this.stft.spectrum,
      gains: this.mask.speakers,
      restGains: this.mask.rest,
      activations: this.solver.activations,
      firstTemplates: this.solver.firstTemplates,
      probabilities: this.solver.probabilities,
    };
  }

  /** Samples that can be pushed before the next frame is processed and the outputs change. */
  get samplesUntilFrame(): Samples {
    return this.stft.samplesUntilFrame;
  }

  /** Index in the outputs of the sample that belongs to the next one pushed. */
  get outputPosition(): Samples {
    return this.positionInHop;
  }

  /** Whether a frame was solved since construction, reset or suspension, so that its masks can be held. */
  get hasMasks(): boolean {
    return this.hasSolved;
  }

  /** [hop] the speaker on this output; null: there is none */
  output(index: number): Float32Array | null {
    return this.channelOutputs?.output(index) ?? this.outputs[index]?.output ?? null;
  }

  /** [hop] */
  get restOutput(): Float32Array {
    return this.restInverse.output;
  }

  /** [hop] the input, delayed like the outputs; valid for the samples passed to `pushDry`. */
  get dryOutput(): Float32Array {
    return this.dry;
  }

  /** Delays `count` samples and writes them to `dryOutput` at `outputPosition`; to be called before `push` of the same samples. */
  pushDry(input: Float32Array, offset: number, count: number): void {
    for (let n = 0; n < count; n++) this.dry[this.positionInHop + n] = this.dryDelay.push(input[offset + n]!);
  }

  /** Delays `count` samples of the channels for the outputs of speakers that have one; to be called before `push`, as `pushDry`. */
  pushChannels(channels: readonly Float32Array[], offset: number, count: number): void {
    this.channelOutputs?.push(channels, offset, count, this.positionInHop, this.isSuspended);
  }

  /**
   * Appends `count` samples, at most `samplesUntilFrame`, and processes the frame if it is complete.
   * @param work on that frame
   * @returns whether a frame was complete
   */
  push(
    input: Float32Array,
    offset: number,
    count: number,
    parameters: SeparatorParameters,
    work: FrameWork = 'solve',
  ): boolean {
    this.stft.push(input, offset, count);
    this.positionInHop += count;
    if (this.stft.samplesUntilFrame > 0) return false;
    this.positionInHop = 0;
    this.processFrame(parameters, this.isSuspended ? 'skip' : work);
    return true;
  }

  /**
   * Packs the matrices of a speaker set of this chain's shape.
   * @throws InputError naming the first invalid template value
   */
  setTemplates(speakerSet: SpeakerSet): void {
    this.solver.setTemplates(speakerSet);
    if (speakerSet.background !== undefined) this.background?.setTemplates(speakerSet.background);
  }

  /** Starts to copy the image of another chain's kernel with the same shape. The chain must not be used until it `isLoaded`. */
  startLoading(image: Int32Array): void {
    this.image = image;
    this.copy = new ImageCopy(this.kernel, image);
  }

  get isLoaded(): boolean {
    return this.copy === null;
  }

  /** Number of tiles copied since `startLoading`; 0 once all are. */
  get tilesLoaded(): number {
    return this.copy === null ? 0 : this.copy.copied;
  }

  /** Copies the next tile of the image. */
  loadTile(): void {
    if (this.copy === null) return;
    this.copy.copyTile();
    if (!this.copy.isDone) return;
    this.copy = null;
    this.image = null;
  }

  /** Copies the rest of the image at once. */
  finishLoading(): void {
    while (!this.isLoaded) this.loadTile();
  }

  /** Shape and image from which a chain like this one can be loaded. Allocates. */
  pack(): PackedSpeakerSet {
    return { shape: this.shape, image: this.image ?? this.kernel.image() };
  }

  /** Solves without the frequency-scaled copies of templates, from the next frame on. */
  setLowComplexity(isLowComplexity: boolean): void {
    this.solver.isLowComplexity = isLowComplexity;
    if (this.background !== null) this.background.isLowComplexity = isLowComplexity;
  }

  /**
   * Suspended, the chain only delays the input for `dryOutput`; all other outputs are silent immediately. They are valid again
   * `settlingSamples` after resuming.
   */
  setSuspended(isSuspended: boolean): void {
    if (isSuspended && !this.isSuspended) this.silence();
    this.isSuspended = isSuspended;
  }

  /** Back to the state after construction with `parameters`. */
  reset(parameters: SeparatorParameters): void {
    this.stft.reset();
    this.silence();
    this.channelOutputs?.reset();
    this.dryDelay.reset();
    this.dry.fill(0);
    this.positionInHop = 0;
    this.ramp.reset(parameters);
  }

  /** Saves everything that future output depends on. */
  save(state: StateWriter): void {
    state.add(this.positionInHop);
    state.add(this.restFrames);
    state.add(this.hasSolved ? 1 : 0);
    this.ramp.save(state);
    state.addAll(this.dry);
    for (const part of this.parts) part.save(state);
    this.background?.save(state);
    this.channelOutputs?.save(state);
  }

  /** @throws InputError for the state of another speaker set's chain; then this chain must no longer be used */
  restore(state: StateReader): void {
    this.positionInHop = state.nextInteger(0, this.dry.length - 1);
    this.restFrames = state.nextInteger(0, this.framesPerSynthesis);
    this.hasSolved = state.nextInteger(0, 1) === 1;
    this.ramp.restore(state);
    state.fill(this.dry);
    for (const part of this.parts) part.restore(state);
    this.background?.restore(state);
    this.channelOutputs?.restore(state);
  }

  private get parts() {
    return [this.stft, this.solver, this.mask, ...this.inverses, this.restInverse, this.dryDelay];
  }

  private silence(): void {
    for (let s = 0; s < this.inverses.length; s++) this.inverses[s]!.reset();
    this.restInverse.reset();
    this.restFrames = 0;
    this.hasSolved = false;
    this.solver.reset();
    this.background?.reset();
  }

  private processFrame(parameters: SeparatorParameters, work: FrameWork): void {
    const { probe } = this;
    probe?.mark('buffering');
    this.ramp.advance(parameters);
    this.telemetry.frames++;
    if (work === 'skip') {
      this.stft.skip();
      this.telemetry.iterations = 0;
      return;
    }
    this.stft.transform();
    if (work === 'solve') this.solve(parameters.iterations);
    for (let s = 0; s < this.speakers; s++) {
      if (this.shape.speakers[s]!.channel === undefined) this.synthesize(this.inverses[s]!, this.mask.speakers[s]!);
    }
    if (this.ramp.rest > 0) this.restFrames = this.framesPerSynthesis;
    if (this.restFrames > 0) {
      this.restFrames--;
      this.synthesize(this.restInverse, this.mask.rest);
    }
    probe?.mark('synthesis');
  }

  /** Computes the masks. */
  private solve(iterations: number): void {
    const { telemetry, solver, magnitudes, ramp } = this;
    writeMagnitudes(this.stft.spectrum, this.magnitudeScale, this.magnitudeExponent, magnitudes);
    this.probe?.mark('analysis');
    telemetry.iterations = solver.solve(magnitudes, iterations);
    telemetry.relativeGap = solver.relativeGap;
    solver.separationStrength = ramp.separationStrength;
    solver.updateModels(magnitudes);
    this.mask.compute(solver.models, magnitudes, ramp.maskExponent, ramp.maskFloor, ramp.rest);
    this.probe?.mark('mask');
    if (this.background !== null && ramp.rest > 0) this.applyBackground(this.background, iterations);
    this.hasSolved = true;
  }

  private applyBackground(background: BackgroundMask, iterations: number): void {
    const { ramp } = this;
    background.separationStrength = ramp.separationStrength;
    background.compute(this.magnitudes, iterations, ramp.maskExponent, ramp.maskFloor);
    background.blendInto(this.mask, ramp.rest);
    this.probe?.mark('background');
  }

  private synthesize(inverse: InverseStft, gains: Float32Array): void {
    const { spectrum } = this.stft;
    const masked = inverse.spectrum;
    for (let bin = 0; bin < gains.length; bin++) {
      masked[2 * bin] = spectrum[2 * bin]! * gains[bin]!;
      masked[2 * bin + 1] = spectrum[2 * bin + 1]! * gains[bin]!;
    }
    inverse.synthesize();
  }
}
