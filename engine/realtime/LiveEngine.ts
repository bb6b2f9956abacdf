import { MAXIMUM_SPEAKERS } from '../core/limits.ts';
import type { SampleRing } from '../core/SampleRing.ts';
import type { Hertz, Samples, Seconds } from '../core/units.ts';
import type { SpeakerSet } from '../model/SpeakerSet.ts';
import type { PackedSpeakerSet } from '../separator/PackedSpeakerSet.ts';
import type { SeparatorParameters } from '../separator/parameters.ts';
import { LIVE_RESERVED_BYTES, Separator } from '../separator/Separator.ts';
import { LoadGovernor, OVERLOAD_LEVELS } from './LoadGovernor.ts';
import { Mixer } from './Mixer.ts';
import type { MixSettings } from './MixSettings.ts';
import type { SharedMetrics } from './SharedMetrics.ts';
import { SplicingReader } from './SplicingReader.ts';
import { FRAMES_PER_SECOND, TelemetryEncoder } from './TelemetryEncoder.ts';
import type { TelemetryRing } from './TelemetryRing.ts';
import { TAP_CHANNELS, TAP_FIRST_SPEAKER, TAP_MAIN, TAP_MIXTURE, TAP_REST } from './tapChannels.ts';

/** Rings that a live engine reads from and writes to. Null: that output is not used. */
export interface EngineRings {
  readonly input: SampleRing;
  readonly main: SampleRing | null;
  readonly send: SampleRing | null;
  /** `TAP_CHANNELS` channels, for recordings. */
  readonly tap: SampleRing;
}

export interface EngineConfig {
  readonly sampleRateHertz: Hertz;
  readonly speakerSet: SpeakerSet;
  readonly mix: MixSettings;
  readonly parameters: SeparatorParameters;
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
    speakers: Array.from({ length: MAXIMUM_SPEAKERS }, () => new Float32Array(BLOCK_SAMPLES)),
    rest: new Float32Array(BLOCK_SAMPLES),
    dry: new Float32Array(BLOCK_SAMPLES),
  };
  private readonly main = new Float32Array(BLOCK_SAMPLES);
  private readonly send = new Float32Array(BLOCK_SAMPLES);
  private readonly tapFrames = new Float32Array(BLOCK_SAMPLES * TAP_CHANNELS);
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
    this.separator = new Separator(config.speakerSet, {
      parameters: config.parameters,
      reservedBytes: LIVE_RESERVED_BYTES,
    });
    this.mixer = new Mixer(MAXIMUM_SPEAKERS, config.sampleRateHertz);
    this.mixer.apply(config.mix);
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
    this.applyOverloadLevel();
    this.metrics.add('swaps', 1);
  }

  /** Starts or stops writing the tap. */
  setTapped(isTapped: boolean): void {
    this.isTapped = isTapped;
  }

  /** Processes the input that has arrived, at most one block. @returns false if there was none */
  step(): boolean {
    const { input, block } = this;
    const start = this.now();
    const waiting = input.readable;
    if (waiting === 0) return false;
    if (waiting > LARGEST_QUEUE_SECONDS * this.sampleRateHertz) this.shorten(waiting);
    const count = input.read(block, BLOCK_SAMPLES);
    this.process(count);
    this.measure(count);
    const milliseconds = this.now() - start;
    this.updateMetrics(count, milliseconds / 1000);
    this.metrics.publish();
    return true;
  }

  private process(count: Samples): void {
    const { rings, block, outputs, separator, mixer, main, send, metrics } = this;
    separator.process(block, outputs, count);
    mixer.process(outputs.speakers, outputs.rest, outputs.dry, main, send, count);
    if (rings.main !== null) metrics.add('droppedSamples', count - rings.main.write(main, 0, count));
    if (rings.send !== null) rings.send.write(send, 0, count);
    if (this.isTapped) this.writeTap(count);
    this.updateSuspension(count);
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

  private writeTap(count: Samples): void {
    const { tapFrames, outputs, main } = this;
    for (let n = 0; n < count; n++) {
      const frame = n * TAP_CHANNELS;
      tapFrames[frame + TAP_MIXTURE] = outputs.dry[n]!;
      for (let s = 0; s < MAXIMUM_SPEAKERS; s++) tapFrames[frame + TAP_FIRST_SPEAKER + s] = outputs.speakers[s]![n]!;
      tapFrames[frame + TAP_REST] = outputs.rest[n]!;
      tapFrames[frame + TAP_MAIN] = main[n]!;
    }
    this.metrics.add('tapDroppedSamples', count - this.rings.tap.write(tapFrames, 0, count));
  }

  private measure(count: Samples): void {
    const { encoder, outputs, block, metrics } = this;
    for (let n = 0; n < count; n++) if (Math.abs(block[n]!) >= 1) metrics.add('clippedSamples', 1);
    encoder.input.add(block, count);
    encoder.output.add(this.main, count);
    encoder.rest.add(outputs.rest, count);
    const { speakers } = this.separator.view.speakerSet;
    for (let s = 0; s < speakers.length; s++) encoder.speakers[s]!.add(outputs.speakers[s]!, count);
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
