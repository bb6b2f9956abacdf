import { MAXIMUM_SPEAKERS } from '../core/limits.ts';
import type { SampleRing } from '../core/SampleRing.ts';
import type { Hertz, Samples, Seconds } from '../core/units.ts';
import type { SpeakerSet } from '../model/SpeakerSet.ts';
import type { SeparatorParameters } from '../separator/parameters.ts';
import { Separator } from '../separator/Separator.ts';
import { LoadGovernor, OVERLOAD_LEVELS } from './LoadGovernor.ts';
import { Mixer } from './Mixer.ts';
import type { MixSettings } from './MixSettings.ts';
import type { SharedMetrics } from './SharedMetrics.ts';
import { FRAMES_PER_SECOND, TelemetryEncoder } from './TelemetryEncoder.ts';
import type { TelemetryRing } from './TelemetryRing.ts';
import { TAP_CHANNELS, TAP_FIRST_SPEAKER, TAP_MAIN, TAP_MIXTURE, TAP_REST } from './tapChannels.ts';

/** Where a live engine reads and writes. Rings that are null are not written. */
export interface EngineRings {
  readonly input: SampleRing;
  readonly main: SampleRing | null;
  readonly send: SampleRing | null;
  /** [TAP_CHANNELS] for recordings. */
  readonly tap: SampleRing;
}

export interface EngineConfig {
  readonly sampleRateHertz: Hertz;
  readonly speakerSet: SpeakerSet;
  readonly mix: MixSettings;
  readonly parameters: SeparatorParameters;
}

const BLOCK_SAMPLES: Samples = 1024;
/** More waiting sound than this is not caught up with but left out: what comes late is of no use live. */
const LARGEST_QUEUE_SECONDS: Seconds = 0.2;
/** Left in the queue when it is cut, and the length of the cross-fade over the cut. */
const KEPT_QUEUE_SECONDS: Seconds = 0.01;
const SPLICE_SAMPLES: Samples = 128;
/** At the last step before the dry signal. */
const FEWEST_ITERATIONS = 3;

const LEVEL = Object.fromEntries(OVERLOAD_LEVELS.map((name, index) => [name, index])) as Record<
  (typeof OVERLOAD_LEVELS)[number],
  number
>;

/**
 * The live chain between two rings: separate, mix, tap, measure, and do less when the time does not suffice. Knows no device and no
 * thread: whoever drives it calls `step` whenever sound has come.
 * @thread engine. `step` allocates nothing while speaker set and load stay as they are.
 */
export class LiveEngine {
  private readonly rings: EngineRings;
  private readonly board: SharedMetrics;
  private readonly telemetry: TelemetryRing;
  private readonly now: () => number;
  private readonly sampleRateHertz: Hertz;
  private readonly separator: Separator;
  private readonly mixer: Mixer;
  private readonly governor = new LoadGovernor();
  private readonly painter = new TelemetryEncoder(MAXIMUM_SPEAKERS);
  private readonly block = new Float32Array(BLOCK_SAMPLES);
  private readonly splice = new Float32Array(SPLICE_SAMPLES);
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
  /** Until the voices may be heard again after a suspension. */
  private settlingSamples: Samples = 0;
  private samples: Samples = 0;
  private samplesUntilFrame: Samples = 0;

  /** @param now milliseconds; only differences count */
  constructor(
    config: EngineConfig,
    rings: EngineRings,
    board: SharedMetrics,
    telemetry: TelemetryRing,
    now: () => number,
  ) {
    this.rings = rings;
    this.board = board;
    this.telemetry = telemetry;
    this.now = now;
    this.sampleRateHertz = config.sampleRateHertz;
    this.parameters = config.parameters;
    this.separator = new Separator(config.speakerSet, { parameters: config.parameters });
    this.mixer = new Mixer(MAXIMUM_SPEAKERS, config.sampleRateHertz);
    this.mixer.apply(config.mix);
    this.followLevel();
  }

  /** @thread engine, between steps */
  setMix(mix: MixSettings): void {
    this.mixer.apply(mix);
  }

  /** @thread engine, between steps @throws InputError */
  setParameters(parameters: SeparatorParameters): void {
    this.parameters = parameters;
    this.followLevel();
  }

  /** Fades to other speakers or another window. @thread engine, between steps */
  setSpeakerSet(speakerSet: SpeakerSet): void {
    this.separator.swapTemplates(speakerSet);
    this.followLevel();
    this.board.add('swaps', 1);
  }

  /** Whether the tap is written to. @thread engine, between steps */
  setTapped(isTapped: boolean): void {
    this.isTapped = isTapped;
  }

  /** Processes what has come, a block at most. @returns false where nothing had */
  step(): boolean {
    const { rings, block } = this;
    const start = this.now();
    const waiting = rings.input.readable;
    if (waiting === 0) return false;
    if (waiting > LARGEST_QUEUE_SECONDS * this.sampleRateHertz) this.shorten(waiting);
    const count = rings.input.read(block, 0, BLOCK_SAMPLES);
    this.process(count);
    this.measure(count);
    const milliseconds = this.now() - start;
    this.account(count, milliseconds / 1000);
    return true;
  }

  private process(count: Samples): void {
    const { rings, block, outputs, separator, mixer, main, send, board } = this;
    separator.process(block, outputs, count);
    mixer.process(outputs.speakers, outputs.rest, outputs.dry, main, send, count);
    if (rings.main !== null) board.add('droppedSamples', count - rings.main.write(main, 0, count));
    if (rings.send !== null) rings.send.write(send, 0, count);
    if (this.isTapped) this.tap(count);
    this.resume(count);
  }

  /** Suspends once nothing of the voices is heard, brings them back once they are whole. */
  private resume(count: Samples): void {
    const wantsBypass = this.governor.level === LEVEL.bypass;
    if (wantsBypass && !this.isSuspended && !this.mixer.isWetHeard) {
      this.isSuspended = true;
      this.separator.setSuspended(true);
    }
    if (this.isSuspended) this.board.add('bypassedSamples', count);
    if (this.settlingSamples > 0) this.settlingSamples -= count;
    this.followDryness();
  }

  /** The dry signal is heard while there is nobody to separate, or no time to. */
  private followDryness(): void {
    const { separator, governor } = this;
    const isAnybodyLoaded = separator.speakers > 0 && separator.view.speakerSet.speakers.length > 0;
    const isDry = !isAnybodyLoaded || governor.level === LEVEL.bypass || this.settlingSamples > 0;
    if (isDry === this.isDry) return;
    this.isDry = isDry;
    this.mixer.setForcedDry(isDry);
  }

  private tap(count: Samples): void {
    const { tapFrames, outputs, main } = this;
    for (let n = 0; n < count; n++) {
      const frame = n * TAP_CHANNELS;
      tapFrames[frame + TAP_MIXTURE] = outputs.dry[n]!;
      for (let s = 0; s < MAXIMUM_SPEAKERS; s++) tapFrames[frame + TAP_FIRST_SPEAKER + s] = outputs.speakers[s]![n]!;
      tapFrames[frame + TAP_REST] = outputs.rest[n]!;
      tapFrames[frame + TAP_MAIN] = main[n]!;
    }
    this.board.add('tapDroppedSamples', count - this.rings.tap.write(tapFrames, 0, count));
  }

  private measure(count: Samples): void {
    const { painter, outputs, block, board } = this;
    for (let n = 0; n < count; n++) if (Math.abs(block[n]!) >= 1) board.add('clippedSamples', 1);
    painter.input.add(block, count);
    painter.output.add(this.main, count);
    painter.rest.add(outputs.rest, count);
    const { speakers } = this.separator.view.speakerSet;
    for (let s = 0; s < speakers.length; s++) painter.speakers[s]!.add(outputs.speakers[s]!, count);
    this.samples += count;
    this.samplesUntilFrame -= count;
    if (this.samplesUntilFrame > 0) return;
    this.samplesUntilFrame = Math.max(1, this.samplesUntilFrame + this.sampleRateHertz / FRAMES_PER_SECOND);
    const length = painter.paint(this.separator.view, this.samples / this.sampleRateHertz, this.isSuspended);
    if (!this.telemetry.write(painter.bytes, length)) board.add('telemetryDropped', 1);
  }

  private account(count: Samples, computing: Seconds): void {
    const { board, separator, governor } = this;
    const duration = count / this.sampleRateHertz;
    board.set('samples', this.samples);
    board.set('iterations', separator.telemetry.iterations);
    board.set('relativeGap', separator.telemetry.relativeGap);
    board.set('invalidSamples', separator.telemetry.invalidSamples);
    board.set('latencySamples', separator.latencySamples);
    board.add('secondsComputing', computing);
    board.addLoad(computing / duration);
    const before = governor.level;
    if (!governor.update(duration, computing, this.rings.input.readable / this.sampleRateHertz)) return;
    if (governor.level > before) board.add('overloads', 1);
    board.set('overloadLevel', governor.level);
    this.followLevel();
  }

  private followLevel(): void {
    const { governor, separator, parameters } = this;
    const { level } = governor;
    const { iterations } = parameters;
    const fewer = Math.min(iterations, Math.max(FEWEST_ITERATIONS, Math.ceil(iterations / 2)));
    separator.setParameters({
      ...parameters,
      iterations:
        level >= LEVEL['fewer-templates'] ? Math.min(iterations, FEWEST_ITERATIONS) : level > 0 ? fewer : iterations,
    });
    separator.setEconomical(level >= LEVEL['fewer-templates']);
    if (this.isSuspended && level < LEVEL.bypass) {
      this.isSuspended = false;
      separator.setSuspended(false);
      this.settlingSamples = separator.settlingSamples;
    }
    this.followDryness();
  }

  /** Cuts the queue to its newest part, with a cross-fade over the cut. */
  private shorten(waiting: Samples): void {
    const { rings, board, splice } = this;
    const cut = waiting - Math.round(KEPT_QUEUE_SECONDS * this.sampleRateHertz);
    rings.input.read(splice, 0, SPLICE_SAMPLES);
    rings.input.skip(cut - SPLICE_SAMPLES);
    rings.input.blend(splice, SPLICE_SAMPLES);
    board.add('shortenings', 1);
    board.add('shortenedSamples', cut);
  }
}
