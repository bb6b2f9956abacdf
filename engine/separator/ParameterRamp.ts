import type { StateReader, StateWriter } from '../core/StateNumbers.ts';
import { PARAMETERS, type SeparatorParameters } from './parameters.ts';

type Ramped = Omit<SeparatorParameters, 'iterations'>;

/**
 * Parameters of the mask, which follow their targets frame by frame, each at a rate that crosses its whole range in the frames of a ramp.
 * @thread audio. Allocates nothing after construction.
 */
export class ParameterRamp implements Ramped {
  maskExponent: number;
  maskFloor: number;
  rest: number;
  separationStrength: number;
  private readonly rampFrames: number;

  /** @param start values before the first frame @param rampFrames 1 or more */
  constructor(start: Ramped, rampFrames: number) {
    this.maskExponent = start.maskExponent;
    this.maskFloor = start.maskFloor;
    this.rest = start.rest;
    this.separationStrength = start.separationStrength;
    this.rampFrames = rampFrames;
  }

  /** Moves one frame towards the targets. Only what changes is passed on: V8 allocates for each fraction that is an argument of a call. */
  advance(targets: Ramped): void {
    const { rampFrames } = this;
    if (this.maskExponent !== targets.maskExponent)
      this.maskExponent = approach('maskExponent', this.maskExponent, targets.maskExponent, rampFrames);
    if (this.maskFloor !== targets.maskFloor)
      this.maskFloor = approach('maskFloor', this.maskFloor, targets.maskFloor, rampFrames);
    if (this.rest !== targets.rest) this.rest = approach('rest', this.rest, targets.rest, rampFrames);
    if (this.separationStrength !== targets.separationStrength) {
      const { separationStrength } = targets;
      this.separationStrength = approach('separationStrength', this.separationStrength, separationStrength, rampFrames);
    }
  }

  reset(start: Ramped): void {
    this.maskExponent = start.maskExponent;
    this.maskFloor = start.maskFloor;
    this.rest = start.rest;
    this.separationStrength = start.separationStrength;
  }

  save(state: StateWriter): void {
    state.add(this.maskExponent);
    state.add(this.maskFloor);
    state.add(this.rest);
    state.add(this.separationStrength);
  }

  restore(state: StateReader): void {
    this.maskExponent = state.next();
    this.maskFloor = state.next();
    this.rest = state.next();
    this.separationStrength = state.next();
  }
}

function approach(name: keyof Ramped, current: number, target: number, rampFrames: number): number {
  const step = (PARAMETERS[name].maximum - PARAMETERS[name].minimum) / rampFrames;
  if (Math.abs(target - current) <= step) return target;
  return current + Math.sign(target - current) * step;
}
