import { Random } from '../../../engine/core/Random.ts';
import { SampleRing } from '../../../engine/core/SampleRing.ts';
import type { Hertz, Samples, Seconds } from '../../../engine/core/units.ts';
import { emptySpeakerSet, sampleSpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { LiveEngine } from '../../../engine/realtime/LiveEngine.ts';
import { SharedMetrics } from '../../../engine/realtime/SharedMetrics.ts';
import { TapMarks } from '../../../engine/realtime/TapMarks.ts';
import { TelemetryRing } from '../../../engine/realtime/TelemetryRing.ts';
import { TAP_CHANNELS } from '../../../engine/realtime/tapChannels.ts';
import { resolveParameters } from '../../../engine/separator/parameters.ts';
import { planStft } from '../../../engine/stft/StftPlan.ts';
import type { AudioStream } from '../../../host/audio/backend/AudioBackend.ts';
import type { AudioDevice } from '../../../host/audio/backend/AudioDevice.ts';
import { audioStatus } from '../../../host/audioProcess/audioStatus.ts';
import { EnginePorts } from '../../../host/audioProcess/EnginePorts.ts';
import type { TakeRecorder } from '../../../host/audioProcess/TakeRecorder.ts';
import { randomPreset } from '../../engine/syntheticVoice.ts';

export interface LiveChainOptions {
  readonly rateHertz: Hertz;
  /** Block of both devices, each at its own rate. */
  readonly blockSamples: Samples;
  /** @default the rate of the input */
  readonly outputRateHertz?: Hertz;
  /** One duplex stream, whose input callback comes right before its output callback. @default true */
  readonly isDuplex?: boolean;
  /** How much faster the output device's clock runs. @default 0 */
  readonly driftPpm?: number;
  /** Lateness of input blocks, uniformly from 0 to this. @default 0 */
  readonly jitterSeconds?: Seconds;
  /** @default 2 */
  readonly speakers?: 0 | 2;
}

const strip = { gainDecibels: 0, isMuted: false, isSoloed: false, isSent: false };
/** All strips at unity: the output is the delayed input. */
const MIX = { speakers: [strip, strip], rest: strip, master: { gainDecibels: 0, isBypassed: false, wet: 1 } };
const presets = [randomPreset('one', 4, 1), randomPreset('two', 4, 2)];

/** Longest step of the engine. */
const LARGEST_STEP: Samples = 1024;

/** Loads at the overload levels none, fewer iterations, fewer templates and bypass. */
export const LIGHT = [0.2, 0.15, 0.1, 0.02];
/** Only the bypass can be carried. */
export const HEAVY = [4, 3, 2, 0.1];
/** Nothing can be carried: other programs hold the processor. */
export const STOLEN = [2.5, 2.5, 2.5, 2.5];

/** Incommensurate tones up to 1.3 kHz: a signal whose value is known at any time, and which resembles itself at no other delay. */
const TONES = Array.from({ length: 6 }, (_, n) => ({
  omega: 2 * Math.PI * 97.3 * Math.sqrt(1 + 34 * n),
  phase: n * n,
}));

/** @returns the sound at the microphone, 0.6 at most */
export function soundAt(seconds: Seconds): number {
  let sum = 0;
  for (const { omega, phase } of TONES) sum += Math.sin(omega * seconds + phase);
  return 0.1 * sum;
}

/**
 * The live chain as the audio process connects it, from the input device's callback to the output device's, on a simulated clock. The
 * engine takes its load of the duration of what it processes; its output appears when it is done.
 */
export class LiveChain {
  /** Processing time / duration of the input, at each overload level. */
  loads = LIGHT;
  seconds: Seconds = 0;
  readonly metrics = new SharedMetrics();
  readonly input: SampleRing;
  readonly telemetry = new TelemetryRing();
  /** Samples played, and the time at which each was, since the last `listen`. */
  played = { values: new Float32Array(0), times: new Float64Array(0), count: 0 };

  private readonly options: Required<LiveChainOptions>;
  private readonly ports: EnginePorts;
  private readonly engine: LiveEngine;
  private readonly main: SampleRing;
  /** Output of the engine until its processing time is over. */
  private readonly staged: SampleRing;
  private readonly random = new Random(1);
  private readonly inputBlock: Float32Array;
  private readonly outputBlock: Float32Array;
  private readonly moved = new Float32Array(2 ** 18);
  private readonly sources: Parameters<typeof audioStatus>[0];
  private captured: Samples = 0;
  private nextInput: Seconds;
  private nextOutput: Seconds;
  private engineEnd: Seconds = Number.POSITIVE_INFINITY;
  /** In the current step of the engine. */
  private clockReadings = 0;

  constructor(options: LiveChainOptions) {
    const { rateHertz, blockSamples } = options;
    this.options = {
      outputRateHertz: rateHertz,
      isDuplex: true,
      driftPpm: 0,
      jitterSeconds: 0,
      speakers: 2,
      ...options,
    };
    const { outputRateHertz, isDuplex, speakers } = this.options;
    const ring = (channels = 1) => new SampleRing(SampleRing.allocate(rateHertz, channels));
    [this.input, this.main, this.staged] = [ring(), ring(), ring()];
    const plan = planStft({ sampleRateHertz: rateHertz, latency: 'ear' });
    this.engine = new LiveEngine(
      {
        sampleRateHertz: rateHertz,
        speakerSet: speakers === 0 ? emptySpeakerSet(plan) : sampleSpeakerSet(presets, plan),
        mix: MIX,
        parameters: resolveParameters(),
      },
      {
        input: this.input,
        main: this.staged,
        send: null,
        tap: new SampleRing(SampleRing.allocate(16, TAP_CHANNELS)),
        tapMarks: new TapMarks(),
      },
      new SharedMetrics(this.metrics.buffer),
      this.telemetry,
      // The engine asks at the start and at the end of each step.
      () => 1000 * (this.clockReadings++ === 0 ? this.seconds : this.engineEnd),
    );
    const device = { inputChannels: 1, outputChannels: 1 } as AudioDevice;
    const stream = (sampleRateHertz: Hertz) =>
      ({ sampleRateHertz, inputLatencySeconds: 0, outputLatencySeconds: 0 }) as AudioStream;
    const inputStream = stream(rateHertz);
    const streams = { input: inputStream, output: isDuplex ? inputStream : stream(outputRateHertz), send: null };
    this.ports = new EnginePorts(
      { input: this.input, main: this.main, send: null, metrics: this.metrics },
      {
        devices: { input: device, output: device, send: null },
        streams,
        inputWeights: [1],
        masterGain: () => 1,
        clock: { nowMilliseconds: () => 1000 * this.seconds },
      },
    );
    this.sources = {
      sampleRateHertz: rateHertz,
      metrics: this.metrics,
      streams,
      ports: this.ports,
      recorder: { take: null, speechFigures: null } as TakeRecorder,
      engineRestarts: 0,
      earlierCounts: null,
    };
    this.inputBlock = new Float32Array(blockSamples);
    this.outputBlock = new Float32Array(blockSamples);
    this.nextInput = blockSamples / rateHertz;
    // Without a common clock, the output device starts at any time.
    this.nextOutput = isDuplex ? this.nextInput : 1.37 * this.nextInput;
  }

  status() {
    return audioStatus(this.sources);
  }

  run(seconds: Seconds): void {
    const end = this.seconds + seconds;
    for (;;) {
      const next = Math.min(this.nextInput, this.nextOutput, this.engineEnd);
      if (next > end) break;
      this.seconds = next;
      if (next === this.nextInput) this.capture();
      else if (next === this.nextOutput) this.play();
      else this.finish();
    }
    this.seconds = end;
  }

  /** Runs for some time and keeps what is played meanwhile. */
  listen(seconds: Seconds): void {
    const room = Math.ceil(seconds * this.options.outputRateHertz * 1.01) + this.options.blockSamples;
    this.played = { values: new Float32Array(room), times: new Float64Array(room), count: 0 };
    this.run(seconds);
  }

  /** @returns RMS of the difference between what was played and the sound at the microphone `latency` before, relative to the latter */
  errorAt(latency: Seconds): number {
    const { values, times, count } = this.played;
    let [difference, power] = [0, 0];
    for (let n = 0; n < count; n++) {
      const expected = soundAt(times[n]! - latency);
      difference += (values[n]! - expected) ** 2;
      power += expected * expected;
    }
    return Math.sqrt(difference / power);
  }

  private capture(): void {
    const { rateHertz, blockSamples, jitterSeconds } = this.options;
    for (let n = 0; n < blockSamples; n++) this.inputBlock[n] = soundAt((this.captured + n) / rateHertz);
    this.captured += blockSamples;
    this.ports.input.write(this.inputBlock, blockSamples, 0);
    const late = jitterSeconds === 0 ? 0 : jitterSeconds * this.random.uniform();
    this.nextInput = (this.captured + blockSamples) / rateHertz + late;
    if (this.engineEnd === Number.POSITIVE_INFINITY && !this.options.isDuplex) this.process();
  }

  private play(): void {
    const { blockSamples, outputRateHertz, driftPpm, isDuplex, rateHertz } = this.options;
    this.ports.output!.read(this.outputBlock, blockSamples, 0);
    const rate = outputRateHertz * (1 + driftPpm * 1e-6);
    const { played } = this;
    for (let n = 0; n < blockSamples && played.count < played.values.length; n++, played.count++) {
      played.values[played.count] = this.outputBlock[n]!;
      played.times[played.count] = this.seconds + n / rate;
    }
    this.nextOutput = isDuplex ? (this.captured + blockSamples) / rateHertz : this.nextOutput + blockSamples / rate;
    // The engine wakes up when the callbacks of a duplex device are over.
    if (isDuplex && this.engineEnd === Number.POSITIVE_INFINITY) this.process();
  }

  /** Starts a step of the engine if there is input. */
  private process(): void {
    const { rateHertz } = this.options;
    const duration = Math.min(LARGEST_STEP, this.input.readable) / rateHertz;
    this.engineEnd = this.seconds + this.loads[this.metrics.get('overloadLevel')]! * duration;
    this.clockReadings = 0;
    if (!this.engine.step()) this.engineEnd = Number.POSITIVE_INFINITY;
  }

  private finish(): void {
    const count = this.staged.read(this.moved, 0, this.moved.length);
    this.main.write(this.moved, 0, count);
    this.engineEnd = Number.POSITIVE_INFINITY;
    this.process();
  }
}
