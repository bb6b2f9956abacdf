import type { StateReader, StateWriter } from '../core/StateNumbers.ts';

/** Model level below which all speakers count as silent and share a bin equally. */
const SILENT_MODEL = 1e-12;

/**
 * Wiener mask: divides each bin among the speakers and the rest in proportion to their models, so that the gains sum to 1.
 * gain_s = m_s^q / (sum over t of m_t^q + r^q), with m_s = W_s h_s the speaker's model of |X|^p and r = rest * max(0, |X|^p - sum m_t)
 * the residual that no speaker explains. Above the bins that the templates cover, gains follow the speakers' levels in the uppermost
 * third of the covered bins.
 * @thread audio, except the constructor. Allocates nothing.
 */
export class WienerMask {
  /** [speakers][bins] gains, 0 to 1; borrowed until the next `compute` */
  readonly speakers: readonly Float32Array[];
  /** [bins] gains of the rest, 0 to 1; borrowed until the next `compute` */
  readonly rest: Float32Array;

  private readonly knownBins: number;

  /**
   * @param bins bins of the spectrum
   * @param knownBins bins from 0 Hz up that the models cover, at most `bins`
   * @param allocate returns a zeroed array; default: a new one
   */
  constructor(
    speakers: number,
    bins: number,
    knownBins: number,
    allocate: (length: number) => Float32Array = (length) => new Float32Array(length),
  ) {
    this.speakers = Array.from({ length: speakers }, () => allocate(bins));
    this.rest = allocate(bins);
    this.knownBins = knownBins;
  }

  /**
   * @param models [speakers][knownBins] >= 0
   * @param magnitudes [bins] |X|^p
   * @param exponent q
   * @param floor smallest gain of a speaker, linear; above 0 the gains no longer sum to 1
   * @param rest share of the residual that goes to the rest, 0 to 1
   */
  compute(
    models: readonly Float32Array[],
    magnitudes: Float32Array,
    exponent: number,
    floor: number,
    rest: number,
  ): void {
    const { speakers, knownBins } = this;
    for (let bin = 0; bin < knownBins; bin++) {
      let modelSum = 0;
      let powerSum = 0;
      for (let s = 0; s < speakers.length; s++) {
        modelSum += models[s]![bin]!;
        powerSum += maskPower(models[s]![bin]!, exponent);
      }
      const restPower = rest > 0 ? maskPower(rest * Math.max(0, magnitudes[bin]! - modelSum), exponent) : 0;
      this.divide(models, bin, exponent, powerSum, restPower, floor);
    }
    this.extend(models, exponent, floor);
  }

  /** Saves the gains of the latest frame. */
  save(state: StateWriter): void {
    for (const gains of this.speakers) state.addAll(gains);
    state.addAll(this.rest);
  }

  restore(state: StateReader): void {
    for (const gains of this.speakers) state.fill(gains);
    state.fill(this.rest);
  }

  private divide(
    models: readonly Float32Array[],
    bin: number,
    exponent: number,
    powerSum: number,
    restPower: number,
    floor: number,
  ): void {
    const { speakers } = this;
    const total = powerSum + restPower;
    const isSilent = !(total > maskPower(SILENT_MODEL, exponent));
    for (let s = 0; s < speakers.length; s++) {
      const gain = isSilent ? 1 / speakers.length : maskPower(models[s]![bin]!, exponent) / total;
      speakers[s]![bin] = floor + (1 - floor) * gain;
    }
    this.rest[bin] = isSilent ? 0 : restPower / total;
  }

  /** Fills the bins above the covered ones with the speakers' shares of the uppermost third of the covered bins. */
  private extend(models: readonly Float32Array[], exponent: number, floor: number): void {
    const { speakers, rest, knownBins } = this;
    if (knownBins >= rest.length) return;
    const first = Math.floor((knownBins * 2) / 3);
    let total = 0;
    for (let s = 0; s < speakers.length; s++) total += maskPower(sum(models[s]!, first, knownBins), exponent);
    const isSilent = !(total > maskPower(SILENT_MODEL, exponent));
    for (let s = 0; s < speakers.length; s++) {
      const share = isSilent ? 1 / speakers.length : maskPower(sum(models[s]!, first, knownBins), exponent) / total;
      const gains = speakers[s]!;
      const gain = floor + (1 - floor) * share;
      // Not by `fill`, for which V8 allocates its argument.
      for (let bin = knownBins; bin < gains.length; bin++) gains[bin] = gain;
    }
    rest.fill(0, knownBins);
  }
}

/** base^exponent, without the cost of a general power at the common exponents. */
export function maskPower(base: number, exponent: number): number {
  if (exponent === 1) return base;
  if (exponent === 2) return base * base;
  return base ** exponent;
}

function sum(values: Float32Array, first: number, end: number): number {
  let total = 0;
  for (let index = first; index < end; index++) total += values[index]!;
  return total;
}
