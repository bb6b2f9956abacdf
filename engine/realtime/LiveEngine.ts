import { DemixingSlot } from '../channels/DemixingSlot.ts';
import { MAXIMUM_OUTPUTS, MAXIMUM_SPEAKERS } from '../core/limits.ts';
import type { SampleRing } from '../core/SampleRing.ts';
import type { Hertz, Samples, Seconds } from '../core/units.ts';
import type { SpeakerSet } from '../model/SpeakerSet.ts';
import type { PackedSpeakerSet } from '../separator/PackedSpeakerSet.ts';
import type { SeparatorParameters } from '../separator/parameters.ts';
import { LIVE_RESERVED_BYTES, Separator } from '../separator/Separator.ts';
import { ChannelInput } from './ChannelInput.ts';
import { LoadGovernor, OVERLOAD_LEVELS } from './LoadGovernor.ts';
import { Mixer } from './Mixer.ts';
import type { MixSettings } from './MixSettings.ts';
import { OutputVoices } from './OutputVoices.ts';
import type { SharedMetrics } from './SharedMetrics.ts';
import { SplicingReader } from './SplicingReader.ts';
import { TapFeed } from './TapFeed.ts';
import type { TapMarks } from './TapMarks.ts';
import { FRAMES_PER_SECOND, TelemetryEncoder } from './TelemetryEncoder.ts';
import type { TelemetryRing } from './TelemetryRing.ts';

/** Rings that a live engine reads from and writes to. Null: that output is not used. */
export interface EngineRings {
  /** One channel; with `EngineConfig.demixing`, all channels. */
  readonly input: SampleRing;
  readonly main: SampleRing | null;
  readonly send: SampleRing | null;
  /** `TAP_CHANNELS` channels, for recordings. */
  readonly tap: SampleRing;
  readonly tapMarks: TapMarks;
}

export interface EngineConfig {
  readonly sampleRateHertz: Hertz;
  readonly speakerSet: SpeakerSet;
  readonly mix: MixSettings;
  readonly parameters: SeparatorParameters;
  /** Where demixings of the input's channels arrive, of a `DemixingSlot`; null: the input has one channel. @default null */
  readonly demixing?: SharedArrayBuffer | null;
}

const BLOCK_SAMPLES: Samples = 1024;
/** Longest input queue; a longer one is cut rather than processed, because late sound is of no use live. */
const LARGEST_QUEUE_SECONDS: Seconds = 0.2;
/** Length of the input queue after a cut. */
const KEPT_QUEUE_SECONDS: Seconds = 0.01;
/** Solver iterations at the last overload level before the dry signal. */
const FEWEST_ITERATIONS = 3;

/** Index of each overload level. */
const LEVEL = Object.fromEntries(OVERLOAD_LEVELS.map((name, index) => [name, index])) as Record<
  (typeof OVERLOAD_LEVELS)[number],
  number
>;

/**
 * The live chain between the input and output rings: separates, mixes, taps, measures, and reduces its work under overload. Independent
 * of devices and threads: its owner calls `step` whenever input has arrived.
 * @thread audio. `step` allocates nothing while speaker set and overload level stay the same.
 */
export class LiveEngine {
  private readonly rings: EngineRings;
  private readonly input: SplicingReader;
  /** Null: the input has one channel. */
  private readonly channels: ChannelInput | null;
  private readonly metrics: SharedMetrics;
  private readonly telemetry: TelemetryRing;
  private readonly now: () => number;
  private readonly sampleRateHertz: Hertz;
  private readonly separator: Separator;
  private readonly mixer: Mixer;
  private readonly governor = new LoadGovernor();
  private readonly encoder = new TelemetryEncoder(MAXIMUM_SPEAKERS);
  private readonly block = new Float32Array(BLOCK_SAMPLES);
  private readonly outputs = {
    speakers: Array.from({ length: MAXIMUM_OUTPUTS }, () => new Float32Array(BLOCK_SAMPLES)),
    rest: new Float32Array(BLOCK_SAMPLES),
    dry: new Float32Array(BLOCK_SAMPLES),
  };
  private readonly main = new Float32Array(BLOCK_SAMPLES);
  private readonly send = new Float32Array(BLOCK_SAMPLES);
  private readonly voices = new OutputVoices();
  private readonly tap: TapFeed;
  private parameters: SeparatorParameters;
  private isTapped = false;
  private isDry = false;
  private isSuspended = false;
  /** Samples until the voices are complete again after a suspension. */
  private settlingSamples: Samples = 0;
  private samples: Samples = 0;
  private samplesUntilFrame: Samples = 0;

  /** @param now monotonic clock in milliseconds; only differences are used */
  constructor(
    config: EngineConfig,
    rings: EngineRings,
    metrics: SharedMetrics,
    telemetry: TelemetryRing,
    now: () => number,
  ) {
    this.rings = rings;
    this.input = new SplicingReader(rings.input);
    this.metrics = metrics;
    this.telemetry = telemetry;
    this.now = now;
    this.sampleRateHertz = config.sampleRateHertz;
    this.parameters = config.parameters;
    const { demixing = null } = config;
    this.channels =
      demixing === null ? null : new ChannelInput(new DemixingSlot(demixing), config.sampleRateHertz, BLOCK_SAMPLES);
    this.separator = new Separator(config.speakerSet, {
      parameters: config.parameters,
      reservedBytes: LIVE_RESERVED_BYTES,
      channelLatencySamples: this.channels?.latencySamples ?? 0,
    });
    this.mixer = new Mixer(MAXIMUM_OUTPUTS, config.sampleRateHertz);
    this.mixer.apply(config.mix);
    this.tap = new TapFeed(rings.tap, rings.tapMarks, BLOCK_SAMPLES);
    this.updateVoices();
    this.applyOverloadLevel();
  }

  /** To be called between steps, as all setters. */
  setMix(mix: MixSettings): void {
    this.mixer.apply(mix);
  }

  /** @throws InputError naming the parameter */
  setParameters(parameters: SeparatorParameters): void {
    this.parameters = parameters;
    this.applyOverloadLevel();
  }

  /** Cross-fades to other speakers, or to the same with another window or latency. For unpacked ones this call takes long: see `swapTemplates`. */
  setSpeakerSet(speakerSet: SpeakerSet | PackedSpeakerSet): void {
    this.separator.swapTemplates(speakerSet);
    this.updateVoices();
    this.applyOverloadLevel();
    this.metrics.add('swaps', 1);
  }

  /** Starts or stops writing the tap. */
  setTapped(isTapped: boolean): void {
    this.isTapped = isTapped;
  }

  /** Processes the input that has arrived, at most one block. @returns false if there was none */
  step(): boolean {
    const { input, block, channels } = this;
    const start = this.now();
    const waiting = input.readable;
    if (waiting === 0) return false;
    if (waiting > LARGEST_QUEUE_SECONDS * this.sampleRateHertz) this.shorten(waiting);
    const count = channels === null ? input.read(block, BLOCK_SAMPLES) : channels.read(input, block, this.isSuspended);
    this.process(count);
    this.measure(count);
    const milliseconds = this.now() - start;
    this.updateMetrics(count, milliseconds / 1000);
    this.metrics.publish();
    return true;
  }

  private process(count: Samples): void {
    const { rings, outputs, main, send, metrics } = this;
    if (this.isTapped) this.tap.startBlock();
    this.separateAndMix(count);
    if (rings.main !== null) metrics.add('droppedSamples', count - rings.main.write(main, 0, count));
    if (rings.send !== null) rings.send.write(send, 0, count);
    if (this.isTapped) metrics.add('tapDroppedSamples', this.tap.write(outputs, main, count));
    this.updateSuspension(count);
  }

  /** Works in steps that end where a swap may advance, so that faders and marks of the tap change voices at the right sample. */
  private separateAndMix(count: Samples): void {
    const { separator, mixer, block, outputs, main, send, tap, channels } = this;
    for (let first = 0; first < count; ) {
      const step = Math.min(count - first, separator.samplesUntilSwapAdvances);
      if (channels === null) separator.process(block, outputs, step, first);
      else {
        separator.process(block, outputs, step, first, channels.voices);
        channels.writeRest(outputs, this.parameters.rest, step, first);
      }
      mixer.process(outputs.speakers, outputs.rest, outputs.dry, main, send, step, first);
      tap.mark(first, step);
      first += step;
      this.updateVoices();
    }
  }

  private updateVoices(): void {
    const { voices, separator } = this;
    if (!voices.update(separator)) return;
    this.mixer.setVoices(voices.assigned);
    this.tap.setVoices(voices.heard, separator.latencySamples);
  }

  /** Suspends the separator once its voices have faded out, and counts down until they are complete again. */
  private updateSuspension(count: Samples): void {
    if (this.governor.level === LEVEL.bypass && !this.isSuspended && !this.mixer.isWetHeard) {
      this.isSuspended = true;
      this.separator.setSuspended(true);
    }
    if (this.isSuspended) this.metrics.add('bypassedSamples', count);
    if (this.settlingSamples > 0) this.settlingSamples -= count;
    this.updateForcedDry();
  }

  /** Plays the dry signal while no speaker is loaded, under bypass, and until resumed voices are complete. */
  private updateForcedDry(): void {
    const { separator, governor } = this;
    const hasSpeakers = separator.speakers > 0 && separator.view.speakerSet.speakers.length > 0;
    const isDry = !hasSpeakers || governor.level === LEVEL.bypass || this.settlingSamples > 0;
    if (isDry === this.isDry) return;
    this.isDry = isDry;
    this.mixer.setForcedDry(isDry);
  }

  private measure(count: Samples): void {
    const { encoder, outputs, block, metrics, channels } = this;
    if (channels !== null) metrics.add('clippedSamples', channels.clippedSamples);
    else for (let n = 0; n < count; n++) if (Math.abs(block[n]!) >= 1) metrics.add('clippedSamples', 1);
    encoder.input.add(block, count);
    encoder.output.add(this.main, count);
    encoder.rest.add(outputs.rest, count);
    const { speakerSet } = this.separator.view;
    for (let s = 0; s < speakerSet.speakers.length; s++)
      encoder.speakers[s]!.add(outputs.speakers[speakerSet.outputs[s]!]!, count);
    this.samples += count;
    this.samplesUntilFrame -= count;
    if (this.samplesUntilFrame > 0) return;
    this.samplesUntilFrame = Math.max(1, this.samplesUntilFrame + this.sampleRateHertz / FRAMES_PER_SECOND);
    const length = encoder.encode(this.separator.view, this.samples / this.sampleRateHertz, this.isSuspended);
    if (!this.telemetry.write(encoder.bytes, length)) metrics.add('telemetryDropped', 1);
  }

  private updateMetrics(count: Samples, computing: Seconds): void {
    const { metrics, separator, governor } = this;
    const duration = count / this.sampleRateHertz;
    metrics.set('samples', this.samples);
    metrics.set('iterations', separator.telemetry.iterations);
    metrics.set('relativeGap', separator.telemetry.relativeGap);
    metrics.set('invalidSamples', separator.telemetry.invalidSamples);
    metrics.set('latencySamples', separator.latencySamples);
    metrics.add('secondsComputing', computing);
    metrics.addLoad(computing / duration);
    const before = governor.level;
    if (!governor.update(duration, computing, this.input.readable / this.sampleRateHertz)) return;
    if (governor.level > before) metrics.add('overloads', 1);
    metrics.set('overloadLevel', governor.level);
    this.applyOverloadLevel();
  }

  private applyOverloadLevel(): void {
    const { governor, separator, parameters } = this;
    const { level } = governor;
    const { iterations } = parameters;
    const fewer = Math.min(iterations, Math.max(FEWEST_ITERATIONS, Math.ceil(iterations / 2)));
    separator.setParameters({
      ...parameters,
      iterations:
        level >= LEVEL['fewer-templates'] ? Math.min(iterations, FEWEST_ITERATIONS) : level > 0 ? fewer : iterations,
    });
    separator.setLowComplexity(level >= LEVEL['fewer-templates']);
    if (this.isSuspended && level < LEVEL.bypass) {
      this.isSuspended = false;
      separator.setSuspended(false);
      this.settlingSamples = separator.settlingSamples;
    }
    this.updateForcedDry();
  }

  /** Cuts the input queue to its newest part. */
  private shorten(waiting: Samples): void {
    const cut = this.input.cut(waiting - Math.round(KEPT_QUEUE_SECONDS * this.sampleRateHertz));
    this.metrics.add('shortenings', 1);
    this.metrics.add('shortenedSamples', cut);
    // The output after the cut belongs to other input positions; readers must see that before they see the output.
    this.metrics.publish();
  }
}
