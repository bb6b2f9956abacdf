import type { FrequencyRange } from '../core/FrequencyRange.ts';
import type { Decibels, Hertz, Samples, Seconds } from '../core/units.ts';
import { Kernel } from '../kernel/Kernel.ts';
import { RealFft } from '../kernel/RealFft.ts';
import { ChannelPair } from './ChannelPair.ts';
import { DcBlocker } from './DcBlocker.ts';
import { occupiedBand } from './occupiedBand.ts';

/** What the channels of a recording have to do with each other. */
export type ChannelRelation =
  /** There is one channel, or one that sounds. */
  | 'single'
  /** The same sound, possibly at different levels. */
  | 'same'
  /** Their mean loses most of the sound: opposite polarity. */
  | 'cancelling'
  /** The same sound at different times: a delay, or microphones far from each other. */
  | 'shifted'
  /** Different sounds: each person has a channel, with or without bleed. */
  | 'separate';

export interface ChannelFinding {
  readonly relation: ChannelRelation;
  /** Indices of the channels that sound, at least one; the loudest first. */
  readonly sounding: readonly number[];
  readonly channels: number;
  /** Frequencies that have sound in the channels that sound; null if no filter has removed any. */
  readonly band: FrequencyRange | null;
  /** Largest constant offset (DC) of a channel that sounds, by magnitude; full scale is 1. */
  readonly offset: number;
}

/** Long enough to resolve voices, short enough that one of two voices dominates most bins. */
const FRAME_SECONDS: Seconds = 0.032;
/** Band that is compared: below is rumble, above little speech. */
const BAND_HERTZ = { minimum: 150, maximum: 6000 } as const;
/** A channel this far below the loudest is silent. */
const SILENT_DECIBELS: Decibels = -40;
/** A channel with a constant level this far below the loudest has noise only: level of its loud frames, and their range. */
const NOISE_DECIBELS: Decibels = -12;
const NOISE_RANGE_DECIBELS: Decibels = 5;
/** Level differences between two channels spread this far if they hold different people; one person in a room spreads by up to 10 dB. */
const SEPARATE_SPREAD_DECIBELS: Decibels = 12;
/** Share of the bins outside the spread, for two channels and at most; with more people each has fewer bins. */
const SPREAD_SHARE = { most: 0.15, ofPeople: 0.6 } as const;
/** Phase agreement from which channels may be averaged, and under which they cancel. */
const SAME_AGREEMENT = 0.5;
const CANCELLING_AGREEMENT = -0.4;
/** Each channel is compared with all others up to this many, then with the next ones. */
const MAXIMUM_PARTNERS = 4;
/** Histogram of frame levels, 1 dB each, from -150 dB. */
const LEVEL_RANGE = { lowest: -150, count: 200 } as const;

/** Looks at the channels of a recording, block by block, in constant memory: which of them sound, and whether they may be averaged. */
export class ChannelAnalysis {
  private readonly channels: number;
  private readonly blockers: readonly DcBlocker[];
  private readonly fft: RealFft;
  private readonly window: Float32Array;
  /** [channels][frame] samples of the frame that is being filled */
  private readonly frames: readonly Float32Array[];
  /** [channels][2 * bins] */
  private readonly spectra: readonly Float32Array[];
  private readonly pairs: readonly ChannelPair[];
  /** [channels] sum of squares, and of samples */
  private readonly energies: Float64Array;
  private readonly sums: Float64Array;
  private samples: Samples = 0;
  /** [channels][dB] number of frames */
  private readonly levels: readonly Uint32Array[];
  /** [channels][bins] sum of powers over the frames */
  private readonly powers: readonly Float64Array[];
  private readonly binHertz: Hertz;
  private readonly firstBin: number;
  private readonly endBin: number;
  private filled: Samples = 0;
  private framesSeen = 0;
  private binPower = 0;

  /** @param channels at least 1 */
  constructor(channels: number, sampleRateHertz: Hertz) {
    const frameSamples = RealFft.nearestSupportedSize(Math.round(FRAME_SECONDS * sampleRateHertz));
    const each = <T>(create: () => T): T[] => Array.from({ length: channels }, create);
    this.channels = channels;
    this.blockers = each(() => new DcBlocker(sampleRateHertz));
    this.fft = new RealFft(new Kernel(RealFft.requiredBytes(frameSamples)), frameSamples);
    this.window = Float32Array.from(
      { length: frameSamples },
      (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / frameSamples),
    );
    this.frames = each(() => new Float32Array(frameSamples));
    this.spectra = each(() => new Float32Array(frameSamples + 2));
    this.energies = new Float64Array(channels);
    this.sums = new Float64Array(channels);
    this.levels = each(() => new Uint32Array(LEVEL_RANGE.count));
    this.pairs = pairsOf(channels);
    this.powers = each(() => new Float64Array(frameSamples / 2 + 1));
    const binHertz = sampleRateHertz / frameSamples;
    this.binHertz = binHertz;
    this.firstBin = Math.ceil(BAND_HERTZ.minimum / binHertz);
    this.endBin = Math.min(frameSamples / 2, Math.floor(BAND_HERTZ.maximum / binHertz));
  }

  /** Length of the frames in which channels are compared. */
  get frameSamples(): Samples {
    return this.window.length;
  }

  /** @param block [channels] of the same length; not changed */
  add(block: readonly Float32Array[]): void {
    const clean = block.slice(0, this.channels).map((samples) => samples.slice());
    this.samples += clean[0]?.length ?? 0;
    clean.forEach((samples, channel) => {
      for (let n = 0; n < samples.length; n++) this.sums[channel]! += samples[n]!;
      this.blockers[channel]!.process(samples);
      let energy = 0;
      for (let n = 0; n < samples.length; n++) energy += samples[n]! * samples[n]!;
      this.energies[channel]! += energy;
    });
    const length = clean[0]?.length ?? 0;
    const frameSamples = this.window.length;
    for (let offset = 0; offset < length; ) {
      const count = Math.min(length - offset, frameSamples - this.filled);
      clean.forEach((samples, channel) => {
        this.frames[channel]!.set(samples.subarray(offset, offset + count), this.filled);
      });
      this.filled += count;
      offset += count;
      if (this.filled === frameSamples) this.endFrame();
    }
  }

  /** What has been found so far. */
  get finding(): ChannelFinding {
    const { channels } = this;
    const order = Array.from({ length: channels }, (_, channel) => channel).sort(
      (a, b) => this.energies[b]! - this.energies[a]!,
    );
    const loudest = order[0] ?? 0;
    const sounding = order.filter((channel) => channel === loudest || this.sounds(channel, loudest));
    return {
      relation: this.relationOf(sounding),
      sounding,
      channels,
      band: this.bandOf(sounding),
      offset: this.offsetOf(sounding),
    };
  }

  private offsetOf(sounding: readonly number[]): number {
    const offsets = sounding.map((channel) => this.sums[channel]! / Math.max(1, this.samples));
    return offsets.reduce((largest, offset) => (Math.abs(offset) > Math.abs(largest) ? offset : largest), 0);
  }

  private bandOf(sounding: readonly number[]): FrequencyRange | null {
    const powers = new Float64Array(this.powers[0]?.length ?? 0);
    for (const channel of sounding) {
      for (let bin = 0; bin < powers.length; bin++) powers[bin]! += this.powers[channel]![bin]!;
    }
    return this.framesSeen === 0 ? null : occupiedBand(powers, this.binHertz);
  }

  private sounds(channel: number, loudest: number): boolean {
    const decibels = 10 * Math.log10((this.energies[channel]! + 1e-30) / (this.energies[loudest]! + 1e-30));
    if (decibels < SILENT_DECIBELS) return false;
    const below = this.level(channel, 0.95) - this.level(loudest, 0.95);
    return below > NOISE_DECIBELS || this.level(channel, 0.95) - this.level(channel, 0.3) > NOISE_RANGE_DECIBELS;
  }

  private relationOf(sounding: readonly number[]): ChannelRelation {
    if (sounding.length < 2) return 'single';
    // Shorter than one frame.
    if (this.framesSeen === 0) return 'same';
    const pairs = this.pairs.filter(({ first, second }) => sounding.includes(first) && sounding.includes(second));
    const share = Math.min(SPREAD_SHARE.most, SPREAD_SHARE.ofPeople / sounding.length);
    const spreads = sounding.map((channel) =>
      Math.max(0, ...pairs.filter((pair) => isIn(pair, channel)).map((pair) => pair.levelSpread(share))),
    );
    if (Math.min(...spreads) >= SEPARATE_SPREAD_DECIBELS) return 'separate';
    const agreements = pairs.flatMap(({ phaseAgreement }) => (phaseAgreement === null ? [] : [phaseAgreement]));
    if (agreements.length === 0) return 'separate';
    const worst = Math.min(...agreements);
    if (worst >= SAME_AGREEMENT) return 'same';
    return worst <= CANCELLING_AGREEMENT ? 'cancelling' : 'shifted';
  }

  /** @returns quantile of the levels of a channel's frames, dB */
  private level(channel: number, quantile: number): Decibels {
    const counts = this.levels[channel]!;
    let sum = 0;
    for (let index = 0; index < counts.length; index++) {
      sum += counts[index]!;
      if (sum >= quantile * this.framesSeen) return index + LEVEL_RANGE.lowest;
    }
    return LEVEL_RANGE.lowest;
  }

  private endFrame(): void {
    this.filled = 0;
    this.framesSeen++;
    const { fft, window, firstBin, endBin } = this;
    let power = 0;
    for (let channel = 0; channel < this.channels; channel++) {
      const frame = this.frames[channel]!;
      let energy = 0;
      for (let n = 0; n < window.length; n++) {
        energy += frame[n]! * frame[n]!;
        fft.samples[n] = frame[n]! * window[n]!;
      }
      const decibels = 10 * Math.log10(energy / window.length + 1e-15);
      const index = Math.round(decibels) - LEVEL_RANGE.lowest;
      this.levels[channel]![Math.min(LEVEL_RANGE.count - 1, Math.max(0, index))]!++;
      fft.forward();
      const spectrum = this.spectra[channel]!;
      spectrum.set(fft.spectrum);
      const powers = this.powers[channel]!;
      let sum = 0;
      for (let bin = 0; bin < powers.length; bin++) {
        const binPower = spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2;
        powers[bin]! += binPower;
        if (bin >= firstBin && bin < endBin) sum += binPower;
      }
      power = Math.max(power, sum / (endBin - firstBin));
    }
    // Only bins above the mean of all bins so far are compared: they belong to somebody.
    this.binPower += (power - this.binPower) / this.framesSeen;
    for (const pair of this.pairs) {
      pair.add(this.spectra[pair.first]!, this.spectra[pair.second]!, firstBin, endBin, this.binPower);
    }
  }
}

function pairsOf(channels: number): ChannelPair[] {
  const partners = Math.min(channels - 1, MAXIMUM_PARTNERS);
  const pairs = new Map<string, ChannelPair>();
  for (let channel = 0; channel < channels; channel++) {
    for (let step = 1; step <= partners; step++) {
      const other = (channel + step) % channels;
      const first = Math.min(channel, other);
      const second = Math.max(channel, other);
      pairs.set(`${first} ${second}`, new ChannelPair(first, second));
    }
  }
  return [...pairs.values()];
}

function isIn({ first, second }: ChannelPair, channel: number): boolean {
  return first === channel || second === channel;
}
