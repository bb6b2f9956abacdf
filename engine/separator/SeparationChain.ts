import type { StateReader, StateWriter } from '../core/StateNumbers.ts';
import type { Samples } from '../core/units.ts';
import { Kernel, type KernelVariant } from '../kernel/Kernel.ts';
import type { SpeakerSet } from '../model/SpeakerSet.ts';
import { InverseStft } from '../stft/InverseStft.ts';
import { magnitudeScale, writeMagnitudes } from '../stft/magnitudes.ts';
import { Stft } from '../stft/Stft.ts';
import { binCount, latencySamples } from '../stft/StftPlan.ts';
import { DelayLine } from './DelayLine.ts';
import { PARAMETER_RAMP_SECONDS, PARAMETERS, type SeparatorParameters } from './parameters.ts';
import type { SeparationView } from './SeparationView.ts';
import { SpeakerSetSolver } from './SpeakerSetSolver.ts';
import type { Telemetry } from './Telemetry.ts';
import { WienerMask } from './WienerMask.ts';

/**
 * One speaker set at work: STFT, activations, mask, inverse STFT. A frame is processed whenever a hop of input is complete; the finished
 * samples are then taken from `speakerOutput`, `restOutput` and `dryOutput` while the next hop comes in.
 * @thread audio, except the constructor. Allocates nothing after construction.
 */
export class SeparationChain {
  readonly latencySamples: Samples;
  /** Samples of input after which the output no longer depends on when the chain was started. */
  readonly settlingSamples: Samples;
  readonly speakers: number;
  /** The latest frame, for pictures. */
  readonly view: SeparationView;

  private readonly stft: Stft;
  private readonly solver: SpeakerSetSolver;
  private readonly mask: WienerMask;
  private readonly inverses: readonly InverseStft[];
  private readonly restInverse: InverseStft;
  private readonly dryDelay: DelayLine;
  private readonly dry: Float32Array;
  private readonly magnitudes: Float32Array;
  private readonly magnitudeScale: number;
  private readonly magnitudeExponent: number;
  private readonly rampFrames: number;
  private readonly telemetry: Telemetry;
  private maskExponent: number;
  private maskFloor: number;
  private rest: number;
  /** Frames until the rest has died away; at 0 it needs no inverse transform. */
  private restFrames = 0;
  private readonly framesPerSynthesis: number;
  private positionInHop = 0;
  private isSuspended = false;

  /** @param telemetry is written to after each frame */
  constructor(speakerSet: SpeakerSet, parameters: SeparatorParameters, telemetry: Telemetry, variant?: KernelVariant) {
    const { plan, bins, speakers } = speakerSet;
    const { windows, windowSamples, hopSamples, sampleRateHertz } = plan;
    const kernel = new Kernel(
      Stft.requiredBytes(windowSamples) +
        (speakers.length + 1) * InverseStft.requiredBytes(windowSamples) +
        SpeakerSetSolver.requiredBytes(speakerSet),
      variant,
    );
    this.stft = new Stft(kernel, windows.analysis, hopSamples);
    this.inverses = speakers.map(() => new InverseStft(kernel, windows, hopSamples));
    this.restInverse = new InverseStft(kernel, windows, hopSamples);
    this.solver = new SpeakerSetSolver(kernel, speakerSet);
    this.mask = new WienerMask(speakers.length, binCount(plan), bins);
    this.magnitudes = new Float32Array(binCount(plan));
    this.latencySamples = latencySamples(plan);
    this.settlingSamples = windowSamples + this.latencySamples;
    this.framesPerSynthesis = Math.ceil(this.latencySamples / hopSamples) + 1;
    this.dryDelay = new DelayLine(this.latencySamples);
    this.dry = new Float32Array(hopSamples);
    this.speakers = speakers.length;
    this.magnitudeScale = magnitudeScale(windows.analysis, sampleRateHertz);
    this.magnitudeExponent = speakerSet.magnitudeExponent;
    this.rampFrames = Math.max(1, Math.round((PARAMETER_RAMP_SECONDS * sampleRateHertz) / hopSamples));
    this.telemetry = telemetry;
    this.maskExponent = parameters.maskExponent;
    this.maskFloor = parameters.maskFloor;
    this.rest = parameters.rest;
    this.view = {
      speakerSet,
      ...{ spectrum: this.stft.spectrum, gains: this.mask.speakers, restGains: this.mask.rest },
      ...{ activations: this.solver.activations, firstTemplates: this.solver.firstTemplates },
    };
  }

  /** How many samples may be pushed before the next frame is processed and the outputs change. */
  get samplesUntilFrame(): Samples {
    return this.stft.samplesUntilFrame;
  }

  /** Where in the outputs the samples lie that belong to the next pushed ones. */
  get outputPosition(): Samples {
    return this.positionInHop;
  }

  /** [hop] */
  speakerOutput(speaker: number): Float32Array {
    return this.inverses[speaker]!.output;
  }

  /** [hop] */
  get restOutput(): Float32Array {
    return this.restInverse.output;
  }

  /** [hop] the input, delayed as the outputs are; filled up to what has been pushed. */
  get dryOutput(): Float32Array {
    return this.dry;
  }

  /** Delays `count` samples into `dryOutput` at `outputPosition`; to be called before `push` of the same samples. */
  pushDry(input: Float32Array, offset: number, count: number): void {
    for (let n = 0; n < count; n++) this.dry[this.positionInHop + n] = this.dryDelay.next(input[offset + n]!);
  }

  /** Takes `count` samples, at most `samplesUntilFrame`, and processes the frame when it is complete. */
  push(input: Float32Array, offset: number, count: number, parameters: SeparatorParameters): void {
    this.stft.push(input, offset, count);
    this.positionInHop += count;
    if (this.stft.samplesUntilFrame === 0) {
      this.positionInHop = 0;
      this.processFrame(parameters);
    }
  }

  /** Solves with each template's core only; from the next frame on. */
  setEconomical(isLowComplexity: boolean): void {
    this.solver.isLowComplexity = isLowComplexity;
  }

  /**
   * Does nothing but delay the input for `dryOutput`; all other outputs are silent at once. After resuming they are right again when
   * `settlingSamples` have passed.
   */
  setSuspended(isSuspended: boolean): void {
    if (isSuspended && !this.isSuspended) this.silence();
    this.isSuspended = isSuspended;
  }

  /** Back to the state after construction with these parameters. */
  reset(parameters: SeparatorParameters): void {
    this.stft.reset();
    this.silence();
    this.dryDelay.reset();
    this.dry.fill(0);
    this.positionInHop = 0;
    this.maskExponent = parameters.maskExponent;
    this.maskFloor = parameters.maskFloor;
    this.rest = parameters.rest;
  }

  /** All that the sound to come depends on. */
  save(state: StateWriter): void {
    for (const number of [this.positionInHop, this.restFrames, this.maskExponent, this.maskFloor, this.rest])
      state.add(number);
    state.addAll(this.dry);
    for (const part of this.parts) part.save(state);
  }

  /** @throws InputError for the state of a chain of another speaker set; then this one must not be used */
  restore(state: StateReader): void {
    this.positionInHop = state.nextInteger(0, this.dry.length - 1);
    this.restFrames = state.nextInteger(0, this.framesPerSynthesis);
    this.maskExponent = state.next();
    this.maskFloor = state.next();
    this.rest = state.next();
    state.fill(this.dry);
    for (const part of this.parts) part.restore(state);
  }

  private get parts() {
    return [this.stft, this.solver, ...this.inverses, this.restInverse, this.dryDelay];
  }

  private silence(): void {
    for (let s = 0; s < this.inverses.length; s++) this.inverses[s]!.reset();
    this.restInverse.reset();
    this.restFrames = 0;
    this.solver.reset();
  }

  private processFrame(parameters: SeparatorParameters): void {
    this.ramp(parameters);
    this.telemetry.frames++;
    if (this.isSuspended) {
      this.stft.skip();
      this.telemetry.iterations = 0;
      return;
    }
    this.stft.transform();
    writeMagnitudes(this.stft.spectrum, this.magnitudeScale, this.magnitudeExponent, this.magnitudes);
    this.telemetry.iterations = this.solver.solve(this.magnitudes, parameters.iterations);
    this.telemetry.relativeGap = this.solver.relativeGap;
    this.mask.compute(this.solver.models, this.magnitudes, this.maskExponent, this.maskFloor, this.rest);
    for (let s = 0; s < this.speakers; s++) this.synthesize(this.inverses[s]!, this.mask.speakers[s]!);
    if (this.rest > 0) this.restFrames = this.framesPerSynthesis;
    if (this.restFrames === 0) return;
    this.restFrames--;
    this.synthesize(this.restInverse, this.mask.rest);
  }

  private ramp(parameters: SeparatorParameters): void {
    this.maskExponent = approach('maskExponent', this.maskExponent, parameters.maskExponent, this.rampFrames);
    this.maskFloor = approach('maskFloor', this.maskFloor, parameters.maskFloor, this.rampFrames);
    this.rest = approach('rest', this.rest, parameters.rest, this.rampFrames);
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

/** One frame's step towards the target, at a pace that crosses the parameter's whole range in `rampFrames` frames. */
function approach(name: keyof SeparatorParameters, current: number, target: number, rampFrames: number): number {
  const step = (PARAMETERS[name].maximum - PARAMETERS[name].minimum) / rampFrames;
  if (Math.abs(target - current) <= step) return target;
  return current + Math.sign(target - current) * step;
}
