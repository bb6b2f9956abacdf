/** Peak and RMS level of a signal since the last `reset`. Allocates nothing. */
export class LevelMeter {
  private peak = 0;
  private energy = 0;
  private samples = 0;

  add(signal: Float32Array, count: number): void {
    let { peak, energy } = this;
    for (let n = 0; n < count; n++) {
      const level = Math.abs(signal[n]!);
      if (level > peak) peak = level;
      energy += level * level;
    }
    this.peak = peak;
    this.energy = energy;
    this.samples += count;
  }

  /** Largest absolute sample, linear. */
  get peakAmplitude(): number {
    return this.peak;
  }

  /** Root mean square, linear; 0 before the first sample. */
  get rmsAmplitude(): number {
    return this.samples === 0 ? 0 : Math.sqrt(this.energy / this.samples);
  }

  /** Starts the next measurement. */
  reset(): void {
    this.peak = 0;
    this.energy = 0;
    this.samples = 0;
  }
}
