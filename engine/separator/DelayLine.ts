import type { StateReader, StateWriter } from '../core/StateNumbers.ts';
import type { Samples } from '../core/units.ts';

/** Delays samples by a fixed number. @thread audio, except the constructor. Allocates nothing. */
export class DelayLine {
  private readonly ring: Float32Array;
  private position = 0;

  constructor(delaySamples: Samples) {
    this.ring = new Float32Array(delaySamples);
  }

  /** Takes one sample and returns the one of `delaySamples` ago. */
  next(sample: number): number {
    const delayed = this.ring[this.position]!;
    this.ring[this.position] = sample;
    this.position = this.position + 1 === this.ring.length ? 0 : this.position + 1;
    return delayed;
  }

  save(state: StateWriter): void {
    state.add(this.position);
    state.addAll(this.ring);
  }

  restore(state: StateReader): void {
    this.position = state.nextInteger(0, this.ring.length - 1);
    state.fill(this.ring);
  }

  reset(): void {
    this.ring.fill(0);
    this.position = 0;
  }
}
