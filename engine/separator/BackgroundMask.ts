import type { StateReader, StateWriter } from '../core/StateNumbers.ts';
import type { Samples, Seconds } from '../core/units.ts';
import { Kernel } from '../kernel/Kernel.ts';
import type { SpeakerSet } from '../model/SpeakerSet.ts';
import type { SpeakerSetShape } from '../model/SpeakerSetShape.ts';
import { binCount } from '../stft/StftPlan.ts';
import { SpeakerSetSolver } from './SpeakerSetSolver.ts';
import { WienerMask } from './WienerMask.ts';

/** The probability that somebody unknown speaks is averaged over this time: single frames are uncertain. */
const MEMORY_SECONDS: Seconds = 0.48;
/** Mean probabilities at which the background begins to compete for the sound, and at which it competes fully. */
const BEGIN_PROBABILITY = 0.2;
const FULL_PROBABILITY = 0.4;

/**
 * Mask that divides the sound among the speakers and the background, which stands for noise and for voices that are not loaded. It would
 * take 2 to 4 dB from two known voices that speak at once if it always counted, so the mask without it fades to this one while the background is
 * probably active. Twice the work of a solver.
 * @thread audio, except the constructor and `setTemplates`. Allocates nothing after construction.
 */
export class BackgroundMask {
  /** As of `SpeakerSetSolver`. */
  isLowComplexity = false;
  /** As of `SpeakerSetSolver`. */
  separationStrength = 0;
  private readonly solver: SpeakerSetSolver;
  private readonly mask: WienerMask;
  private readonly speakers: number;
  /** The latest probabilities that the background is active, as a ring. */
  private readonly probabilities: Float32Array;
  private position = 0;

  static requiredBytes(shape: SpeakerSetShape): number {
    return SpeakerSetSolver.requiredBytes(shape) + (shape.speakers.length + 1) * Kernel.bytesFor(binCount(shape.plan));
  }

  /** @param shape of the speakers and then the background */
  constructor(kernel: Kernel, shape: SpeakerSetShape) {
    const { plan, bins, speakers } = shape;
    this.solver = new SpeakerSetSolver(kernel, shape);
    this.mask = new WienerMask(speakers.length, binCount(plan), bins, (length) => kernel.float32(length).values);
    this.speakers = speakers.length - 1;
    this.probabilities = new Float32Array(memoryFrames(plan));
  }

  /** @throws InputError naming the first invalid template value */
  setTemplates(speakerSet: SpeakerSet): void {
    this.solver.setTemplates(speakerSet);
  }

  /**
   * Computes the mask of a frame.
   * @param magnitudes [bins] |X|^p
   * @param iterations largest number of solver iterations
   * @param exponent as of `WienerMask.compute`
   * @param floor as of `WienerMask.compute`
   */
  compute(magnitudes: Float32Array, iterations: number, exponent: number, floor: number): void {
    const { solver, mask, probabilities } = this;
    solver.isLowComplexity = this.isLowComplexity;
    solver.separationStrength = this.separationStrength;
    solver.solve(magnitudes, iterations);
    solver.updateModels(magnitudes);
    mask.compute(solver.models, magnitudes, exponent, floor, 0);
    probabilities[this.position] = solver.probabilities[this.speakers]!;
    this.position = (this.position + 1) % probabilities.length;
  }

  /**
   * Fades the mask without the background to this one, as far as somebody unknown seems to speak.
   * @param known mask of the speakers and the rest, changed in place
   * @param rest largest share of this mask, 0 to 1
   */
  blendInto(known: WienerMask, rest: number): void {
    const { speakers, mask, probabilities } = this;
    let sum = 0;
    for (let n = 0; n < probabilities.length; n++) sum += probabilities[n]!;
    const mean = sum / probabilities.length;
    if (mean <= BEGIN_PROBABILITY) return;
    const share = rest * Math.min(1, (mean - BEGIN_PROBABILITY) / (FULL_PROBABILITY - BEGIN_PROBABILITY));
    for (let s = 0; s <= speakers; s++) {
      const gains = s < speakers ? known.speakers[s]! : known.rest;
      const others = mask.speakers[s]!;
      for (let bin = 0; bin < gains.length; bin++) gains[bin]! += share * (others[bin]! - gains[bin]!);
    }
  }

  reset(): void {
    this.solver.reset();
    this.probabilities.fill(0);
    this.position = 0;
  }

  save(state: StateWriter): void {
    state.add(this.position);
    state.addAll(this.probabilities);
    this.solver.save(state);
  }

  restore(state: StateReader): void {
    this.position = state.nextInteger(0, this.probabilities.length - 1);
    state.fill(this.probabilities);
    this.solver.restore(state);
  }
}

function memoryFrames({ sampleRateHertz, hopSamples }: { sampleRateHertz: number; hopSamples: Samples }): number {
  return Math.max(1, Math.round((MEMORY_SECONDS * sampleRateHertz) / hopSamples));
}
