import { requireInteger } from '../core/errors.ts';
import { decibelsToAmplitude, type Hertz, type Seconds } from '../core/units.ts';
import type { MixSettings, StripSettings } from './MixSettings.ts';

/** Time constant of every gain: short enough to feel immediate, long enough not to click. */
const SMOOTHING_SECONDS: Seconds = 0.01;
/** A gain this near to its target is there (-100 dB). */
const SETTLED = 1e-5;

/** A gain on its way, so that no change is heard as a click. */
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
 * Faders, mutes and solos of the separated voices, dry against wet, and a second mix to send elsewhere. Dry and voices are aligned, so
 * bypass is a cross-fade of like signals and does not comb.
 * @thread audio, except the constructor. Allocates nothing after construction, but for `apply`.
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

  /** @param capacity most speakers there can be */
  constructor(capacity: number, sampleRateHertz: Hertz) {
    requireInteger('capacity', capacity, 1, 64);
    this.coefficient = 1 - Math.exp(-1 / (SMOOTHING_SECONDS * sampleRateHertz));
    this.speakers = Array.from({ length: capacity }, () => new SmoothGain(0));
    this.sends = Array.from({ length: capacity }, () => new SmoothGain(0));
  }

  /** Takes all settings at once; gains glide there. */
  apply(settings: MixSettings): void {
    this.settings = settings;
    this.retarget();
  }

  /** The aligned dry signal whatever the settings say: what an overloaded host falls back to. */
  setForcedDry(isForcedDry: boolean): void {
    this.isForcedDry = isForcedDry;
    this.retarget();
  }

  /** True while some of the separated signal is still heard. */
  get isWetHeard(): boolean {
    return this.wet.value > 0;
  }

  /**
   * @param speakers [speakers][count] @param rest [count] @param dry [count]
   * @param main [count] overwritten @param send [count] overwritten
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
    const heard = (strip: StripSettings | undefined) =>
      strip === undefined || strip.isMuted || (isAnySoloed && !strip.isSoloed)
        ? 0
        : decibelsToAmplitude(strip.gainDecibels);
    const isAnySent = settings.speakers.some((strip) => strip.isSent);
    this.speakers.forEach((gain, s) => {
      gain.target = heard(settings.speakers[s]);
    });
    this.sends.forEach((gain, s) => {
      const strip = settings.speakers[s];
      // Without a choice the send carries what is heard.
      if (!isAnySent) gain.target = heard(strip);
      else gain.target = strip?.isSent === true ? decibelsToAmplitude(strip.gainDecibels) : 0;
    });
    this.rest.target = heard(settings.rest);
    this.master.target = decibelsToAmplitude(settings.master.gainDecibels);
    this.wet.target = this.isForcedDry || settings.master.isBypassed ? 0 : settings.master.wet;
  }
}
