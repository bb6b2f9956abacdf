import { requireInteger } from '../core/errors.ts';
import { decibelsToAmplitude, type Hertz, type Seconds } from '../core/units.ts';
import type { MixSettings, StripSettings } from './MixSettings.ts';

/** Time constant of all gains: short enough to feel immediate, long enough not to click. */
const SMOOTHING_SECONDS: Seconds = 0.01;
/** A gain this close to its target is set to it (-100 dB). */
const SETTLED = 1e-5;

/** Gain that approaches its target exponentially, so that changes do not click. */
class SmoothGain {
  target: number;
  value: number;

  constructor(value: number) {
    this.target = value;
    this.value = value;
  }

  next(coefficient: number): number {
    const distance = this.target - this.value;
    this.value = Math.abs(distance) < SETTLED ? this.target : this.value + distance * coefficient;
    return this.value;
  }
}

/**
 * Mixer of the separated voices: faders, mutes, solos, dry/wet, and a second mix for the send. Dry signal and voices are aligned, so
 * bypass cross-fades similar signals without comb filtering.
 * @thread audio, except the constructor. Only the constructor and `apply` allocate.
 */
export class Mixer {
  private readonly coefficient: number;
  private readonly speakers: readonly SmoothGain[];
  private readonly sends: readonly SmoothGain[];
  private readonly rest = new SmoothGain(0);
  private readonly master = new SmoothGain(0);
  private readonly wet = new SmoothGain(1);
  private settings: MixSettings | null = null;
  private isForcedDry = false;

  /** @param capacity largest number of speakers, 1 to 64 */
  constructor(capacity: number, sampleRateHertz: Hertz) {
    requireInteger('capacity', capacity, 1, 64);
    this.coefficient = 1 - Math.exp(-1 / (SMOOTHING_SECONDS * sampleRateHertz));
    this.speakers = Array.from({ length: capacity }, () => new SmoothGain(0));
    this.sends = Array.from({ length: capacity }, () => new SmoothGain(0));
  }

  /** Applies all settings at once; gains move to them smoothly. */
  apply(settings: MixSettings): void {
    this.settings = settings;
    this.retarget();
  }

  /** Plays the aligned dry signal regardless of the settings: for overload and while no speakers are loaded. */
  setForcedDry(isForcedDry: boolean): void {
    this.isForcedDry = isForcedDry;
    this.retarget();
  }

  /** True while the separated signal is audible in the output. */
  get isWetHeard(): boolean {
    return this.wet.value > 0;
  }

  /**
   * @param speakers [speakers][count]
   * @param rest [count]
   * @param dry [count]
   * @param main [count] overwritten
   * @param send [count] overwritten
   */
  process(
    speakers: readonly Float32Array[],
    rest: Float32Array,
    dry: Float32Array,
    main: Float32Array,
    send: Float32Array,
    count: number,
  ): void {
    const { coefficient } = this;
    for (let n = 0; n < count; n++) {
      let mixed = rest[n]! * this.rest.next(coefficient);
      let sent = 0;
      for (let s = 0; s < this.speakers.length; s++) {
        const gain = this.speakers[s]!.next(coefficient);
        const sendGain = this.sends[s]!.next(coefficient);
        if (s >= speakers.length) continue;
        mixed += speakers[s]![n]! * gain;
        sent += speakers[s]![n]! * sendGain;
      }
      const wet = this.wet.next(coefficient);
      const gain = this.master.next(coefficient);
      main[n] = gain * (dry[n]! + (mixed - dry[n]!) * wet);
      send[n] = gain * (dry[n]! + (sent - dry[n]!) * wet);
    }
  }

  private retarget(): void {
    const { settings } = this;
    if (settings === null) return;
    const isAnySoloed = settings.rest.isSoloed || settings.speakers.some((strip) => strip.isSoloed);
    const mainGain = (strip: StripSettings | undefined) =>
      strip === undefined || strip.isMuted || (isAnySoloed && !strip.isSoloed)
        ? 0
        : decibelsToAmplitude(strip.gainDecibels);
    const isAnySent = settings.speakers.some((strip) => strip.isSent);
    this.speakers.forEach((gain, s) => {
      gain.target = mainGain(settings.speakers[s]);
    });
    this.sends.forEach((gain, s) => {
      const strip = settings.speakers[s];
      // With no speaker sent explicitly, the send carries the same voices as the main mix.
      if (!isAnySent) gain.target = mainGain(strip);
      else gain.target = strip?.isSent === true ? decibelsToAmplitude(strip.gainDecibels) : 0;
    });
    this.rest.target = mainGain(settings.rest);
    this.master.target = decibelsToAmplitude(settings.master.gainDecibels);
    this.wet.target = this.isForcedDry || settings.master.isBypassed ? 0 : settings.master.wet;
  }
}
