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
  private isAnySoloed = false;
  private isAnySent = false;
  /** [capacity] */
  private readonly voices: Int32Array;
  private isForcedDry = false;

  /** @param capacity number of speaker outputs, 1 to 64; output n carries the voice n + 1 until `setVoices` */
  constructor(capacity: number, sampleRateHertz: Hertz) {
    requireInteger('capacity', capacity, 1, 64);
    this.coefficient = 1 - Math.exp(-1 / (SMOOTHING_SECONDS * sampleRateHertz));
    this.speakers = Array.from({ length: capacity }, () => new SmoothGain(0));
    this.sends = Array.from({ length: capacity }, () => new SmoothGain(0));
    this.voices = Int32Array.from({ length: capacity }, (_, output) => output + 1);
  }

  /** Applies all settings at once; gains move to them smoothly. */
  apply(settings: MixSettings): void {
    this.settings = settings;
    this.isAnySoloed = settings.rest.isSoloed || settings.speakers.some((strip) => strip.isSoloed);
    this.isAnySent = settings.speakers.some((strip) => strip.isSent);
    this.retarget();
  }

  /**
   * Gains follow the strips of these voices. The gain of a voice without a strip stays: an unloaded voice must not be silent before the
   * other voices have taken over its sound.
   * @param voices [capacity] voice on each output; 0: none, and the output is not mixed
   */
  setVoices(voices: Int32Array): void {
    for (let output = 0; output < this.voices.length; output++) this.voices[output] = voices[output]!;
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
   * @param speakers [outputs][count]
   * @param rest [count]
   * @param dry [count]
   * @param main [count] overwritten
   * @param send [count] overwritten
   * @param first index of the first sample, in all arrays
   */
  process(
    speakers: readonly Float32Array[],
    rest: Float32Array,
    dry: Float32Array,
    main: Float32Array,
    send: Float32Array,
    count: number,
    first = 0,
  ): void {
    const { coefficient } = this;
    for (let n = first; n < first + count; n++) {
      let mixed = rest[n]! * this.rest.next(coefficient);
      let sent = 0;
      for (let s = 0; s < this.speakers.length; s++) {
        if (this.voices[s] === 0) continue;
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
    const { settings, isAnySent } = this;
    if (settings === null) return;
    for (let output = 0; output < this.voices.length; output++) {
      const strip = stripOf(settings, this.voices[output]!);
      if (strip === undefined) continue;
      const gain = this.mainGain(strip);
      this.speakers[output]!.target = gain;
      // With no speaker sent explicitly, the send carries the same voices as the main mix.
      if (!isAnySent) this.sends[output]!.target = gain;
      else this.sends[output]!.target = strip.isSent ? decibelsToAmplitude(strip.gainDecibels) : 0;
    }
    this.rest.target = this.mainGain(settings.rest);
    this.master.target = masterGain(settings.master);
    this.wet.target = this.isForcedDry || settings.master.isBypassed ? 0 : settings.master.wet;
  }

  private mainGain({ gainDecibels, isMuted, isSoloed }: StripSettings): number {
    return isMuted || (this.isAnySoloed && !isSoloed) ? 0 : decibelsToAmplitude(gainDecibels);
  }
}

/** @returns factor on both outputs; 0: muted */
export function masterGain({ gainDecibels, isMuted }: MixSettings['master']): number {
  return isMuted === true ? 0 : decibelsToAmplitude(gainDecibels);
}

/** @returns the strip of a voice; undefined: it has none */
function stripOf({ speakers }: MixSettings, voice: number): MixSettings['speakers'][number] | undefined {
  for (let s = 0; s < speakers.length; s++) if ((speakers[s]!.id ?? s + 1) === voice) return speakers[s];
  return undefined;
}
