import type { SampleRing } from '../../engine/core/SampleRing.ts';
import { decibelsToAmplitude, type Hertz, type Seconds } from '../../engine/core/units.ts';
import { DryFallback } from '../../engine/realtime/DryFallback.ts';
import { DryHistory } from '../../engine/realtime/DryHistory.ts';
import { InputPort } from '../../engine/realtime/InputPort.ts';
import { OVERLOAD_LEVELS } from '../../engine/realtime/LoadGovernor.ts';
import type { MixSettings } from '../../engine/realtime/MixSettings.ts';
import { PlayoutBuffer } from '../../engine/realtime/PlayoutBuffer.ts';
import { StreamPositionMap } from '../../engine/realtime/StreamPositionMap.ts';
import type { SeparatorParameters } from '../../engine/separator/parameters.ts';
import type { AudioBackend, AudioStream, StreamCallbacks } from '../audio/backend/AudioBackend.ts';
import type { AudioDevice } from '../audio/backend/AudioDevice.ts';
import { AudioError } from '../audio/backend/AudioError.ts';
import type { AudioStatus, DeviceRequest, SpeakerSetRequest } from '../rpc/audioMessages.ts';
import type { LoadedSpeakerSet } from '../rpc/engineMessages.ts';
import { EngineThread } from './EngineThread.ts';
import { addEngineCounts, type EngineCounts, engineCounts, NO_ENGINE_COUNTS } from './engineCounts.ts';
import { HangDetector } from './HangDetector.ts';
import {
  blockSamples,
  type ChosenDevices,
  chooseDevices,
  type OpenedStreams,
  openedChannels,
  openStreams,
  outputChannels,
} from './liveStreams.ts';
import { TakeRecorder } from './TakeRecorder.ts';

export interface LiveAudioListener {
  /** The devices are gone. */
  onLost(error: AudioError): void;
  /** A recording could not be continued. */
  onRecordingFailed(what: 'take' | 'speech', error: Error): void;
  /** One line for the user. */
  onNotice(text: string): void;
  /** The engine's thread had died and runs again. */
  onEngineRestart(error: Error): void;
}

const PRIORITY_DENIED =
  'the system does not allow the engine a raised priority: on a busy machine sound may drop out sooner';
/** Sound left in the queue when a block is taken: what sound servers are late by now and then. */
const RESERVE_BLOCKS = 2;
/** After engines that died this soon, one after the other, the next one waits for as long; meanwhile the input is heard. */
const ENGINE_LIFE_MILLISECONDS = 2000;
/** So many in a row, and something is wrong that no restart mends. */
const MOST_SHORT_LIVES = 5;
/** For the detour; longer than any latency and queue. */
const HISTORY_SECONDS: Seconds = 2;

/**
 * Devices, rings and the engine's thread, tied together: what runs live. One for each time that devices are opened; when they are
 * lost, a new one is made.
 * @thread the devices'
 */
export class LiveAudio {
  readonly sampleRateHertz: Hertz;
  readonly inputDevice: AudioDevice;
  readonly outputDevice: AudioDevice | null;
  readonly sendDevice: AudioDevice | null;
  recorder: TakeRecorder;

  private readonly streams: OpenedStreams;
  private readonly listener: LiveAudioListener;
  private engine: EngineThread;
  private readonly history: DryHistory;
  private readonly input: InputPort;
  private readonly watch: HangDetector;
  private readonly timeline: StreamPositionMap;
  private output: PlayoutBuffer | null = null;
  private send: PlayoutBuffer | null = null;
  private mix: MixSettings;
  private parameters: SeparatorParameters;
  private speakerSet: SpeakerSetRequest | null = null;
  private engineStartMilliseconds = 0;
  private engineRestarts = 0;
  private shortLives = 0;
  /** Of engines that have ended. */
  private endedCounts: EngineCounts = NO_ENGINE_COUNTS;
  private readonly inputChannels: number;
  private readonly inputChannel: number | null;
  private isClosed = false;

  private constructor(
    opened: { readonly devices: ChosenDevices; readonly streams: OpenedStreams; readonly inputChannels: number },
    request: DeviceRequest,
    start: { readonly mix: MixSettings; readonly parameters: SeparatorParameters },
    listener: LiveAudioListener,
  ) {
    this.streams = opened.streams;
    this.inputDevice = opened.devices.input;
    this.outputDevice = opened.devices.output;
    this.sendDevice = opened.devices.send;
    this.inputChannels = opened.inputChannels;
    this.inputChannel = request.inputChannel === null ? null : request.inputChannel - 1;
    this.listener = listener;
    this.mix = start.mix;
    this.parameters = start.parameters;
    this.sampleRateHertz = opened.streams.input.sampleRateHertz;
    this.engine = this.startEngine();
    this.history = new DryHistory(HISTORY_SECONDS * this.sampleRateHertz);
    this.input = new InputPort(this.engine.input, this.history, this.inputChannels, this.inputChannel, () =>
      performance.now(),
    );
    this.timeline = new StreamPositionMap(this.history, this.engine, this.sampleRateHertz);
    this.createOutputPorts();
    this.recorder = this.createRecorder();
    this.watch = new HangDetector(this.engine, (error) => this.restartEngine(error));
  }

  /**
   * Opens devices and starts the engine, nobody loaded.
   * @throws AudioError; then nothing stays open
   */
  static async open(
    backend: AudioBackend,
    devices: readonly AudioDevice[],
    request: DeviceRequest,
    start: { readonly mix: MixSettings; readonly parameters: SeparatorParameters },
    listener: LiveAudioListener,
  ): Promise<LiveAudio> {
    const chosen = chooseDevices(devices, request);
    const inputChannels = openedChannels(chosen.input, request.inputChannel);
    const holder: { audio: LiveAudio | null; lost: AudioError | null } = { audio: null, lost: null };
    const callbacks = (direction: 'output' | 'send'): StreamCallbacks => ({
      onInput: (samples, frames, lost) => holder.audio?.input.write(samples, frames, lost),
      onOutput: (samples, frames, lost) => {
        const port = holder.audio?.[direction] ?? null;
        if (holder.audio === null || port === null) samples.fill(0);
        else port.read(samples, frames, lost);
      },
      onLost: (error) => {
        if (holder.audio === null) holder.lost = error;
        else if (!holder.audio.isClosed) listener.onLost(error);
      },
    });
    const streams = await openStreams(backend, chosen, inputChannels, request.sampleRateHertz, callbacks);
    const audio = new LiveAudio({ devices: chosen, streams, inputChannels }, request, start, listener);
    // Sound that came before the engine runs would only be late.
    await audio.engine.ready;
    if (holder.lost !== null) {
      await audio.close();
      throw holder.lost;
    }
    holder.audio = audio;
    return audio;
  }

  /** @throws InputError for presets or a window that do not fit; then what was loaded stays */
  async loadSpeakers(request: SpeakerSetRequest): Promise<LoadedSpeakerSet> {
    const ready = await this.engine.loadSpeakers(request.presets, this.planOf(request), request.adaptation);
    this.speakerSet = request;
    return ready;
  }

  setMix(mix: MixSettings): void {
    this.mix = mix;
    this.engine.setMix(mix);
  }

  setParameters(parameters: SeparatorParameters): void {
    this.parameters = parameters;
    this.engine.setParameters(parameters);
  }

  /** The next picture for panels; null where there is none. */
  takeTelemetry(): Uint8Array | null {
    return this.engine.telemetry.read();
  }

  status(): AudioStatus {
    const { metrics: board } = this.engine;
    const input = this.input.counters;
    const outputs = [this.output, this.send].filter((port) => port !== null);
    const ended = addEngineCounts(this.endedCounts, engineCounts(board));
    const sum = (name: keyof PlayoutBuffer['counters']) =>
      outputs.reduce((total, port) => total + port.counters[name], 0);
    return {
      soundSeconds: board.get('samples') / this.sampleRateHertz,
      latency: this.latency(),
      load: board.takeLoads() ?? { median: 0, p99: 0, largest: 0 },
      overload: OVERLOAD_LEVELS[board.get('overloadLevel')]!,
      iterations: board.get('iterations'),
      relativeGap: board.get('relativeGap'),
      driftPpm: this.output?.driftPpm ?? 0,
      memoryBytes: process.memoryUsage.rss(),
      counters: {
        inputGaps: input.gaps,
        inputLostSamples: input.lostSamples,
        outputGaps: sum('gaps'),
        outputLostSamples: sum('lostSamples'),
        ...ended,
        shortenings: ended.shortenings + sum('shortenings'),
        shortenedSamples: ended.shortenedSamples + sum('shortenedSamples'),
        dryFallbacks: sum('dryFallbacks'),
        dryFallbackSamples: sum('dryFallbackSamples'),
        engineRestarts: this.engineRestarts,
      },
      take: this.takeFigures(),
      speech: this.speechFigures(),
    };
  }

  /** Closes recordings, devices and threads; never throws. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.watch.stop();
    await this.recorder.close().catch(() => {});
    const { input, output, send } = this.streams;
    await Promise.all([...new Set([input, output, send])].map((stream) => stream?.close()));
    await this.engine.stop();
  }

  private planOf({ latency, windowSeconds }: SpeakerSetRequest) {
    return { sampleRateHertz: this.sampleRateHertz, latency, ...(windowSeconds === null ? {} : { windowSeconds }) };
  }

  private startEngine(): EngineThread {
    this.engineStartMilliseconds = performance.now();
    return new EngineThread({
      // One that is started again begins as late as the one before was: what is heard meanwhile does not jump in time.
      plan: this.speakerSet === null ? { sampleRateHertz: this.sampleRateHertz } : this.planOf(this.speakerSet),
      mix: this.mix,
      parameters: this.parameters,
      hasMain: this.streams.output !== null,
      hasSend: this.streams.send !== null,
      onPriorityDenied: () => this.listener.onNotice(PRIORITY_DENIED),
      onFault: (error) => this.restartEngine(error),
    });
  }

  private createOutputPorts(): void {
    const { input, output, send } = this.streams;
    const { main, send: sendRing } = this.engine;
    if (output !== null && main !== null && this.outputDevice !== null)
      this.output = this.outputPort(main, output, this.outputDevice, output === input);
    if (send !== null && sendRing !== null && this.sendDevice !== null)
      this.send = this.outputPort(sendRing, send, this.sendDevice, false);
  }

  private outputPort(
    ring: SampleRing,
    stream: AudioStream,
    device: AudioDevice,
    isSynchronous: boolean,
  ): PlayoutBuffer {
    return new PlayoutBuffer(ring, {
      engineRateHertz: this.sampleRateHertz,
      deviceRateHertz: stream.sampleRateHertz,
      channels: outputChannels(device),
      isSynchronous,
      reserveSamples: RESERVE_BLOCKS * blockSamples(this.sampleRateHertz),
      inputAge: () => ((performance.now() - this.input.latestMilliseconds) / 1000) * this.sampleRateHertz,
      dryFallback: this.createDryFallback(),
    });
  }

  private createDryFallback(): DryFallback {
    const gain = () => decibelsToAmplitude(this.mix.master.gainDecibels);
    return new DryFallback(this.history, this.timeline, this.sampleRateHertz, gain);
  }

  private createRecorder(): TakeRecorder {
    const { engine } = this;
    return new TakeRecorder(
      engine.tap,
      this.sampleRateHertz,
      (isTapped) => engine.setTapped(isTapped),
      (what, error) => this.listener.onRecordingFailed(what, error),
    );
  }

  /** Devices stay open, and the input is heard until the new engine runs. Recordings end, and stay readable. */
  private restartEngine(error: Error): void {
    if (this.isClosed) return;
    const life = performance.now() - this.engineStartMilliseconds;
    this.shortLives = life < ENGINE_LIFE_MILLISECONDS ? this.shortLives + 1 : 0;
    if (this.shortLives > MOST_SHORT_LIVES) {
      this.listener.onLost(new AudioError('gone', `the engine cannot run: ${error.message}`, 'please report it'));
      return;
    }
    this.endRecordings(error);
    this.input.connect(null);
    if (this.shortLives < 2) this.replaceEngine(error);
    else setTimeout(() => this.replaceEngine(error), ENGINE_LIFE_MILLISECONDS).unref();
  }

  private replaceEngine(error: Error): void {
    if (this.isClosed) return;
    const before = this.engine;
    before.abandon(error);
    const engine = this.startEngine();
    this.input.connect(engine.input);
    if (engine.main !== null) this.output?.connect(engine.main);
    if (engine.send !== null) this.send?.connect(engine.send);
    this.endedCounts = addEngineCounts(this.endedCounts, engineCounts(before.metrics));
    this.timeline.follow(engine);
    this.engine = engine;
    this.recorder = this.createRecorder();
    this.watch.follow(engine);
    this.engineRestarts++;
    const { speakerSet } = this;
    if (speakerSet !== null) void this.loadSpeakers(speakerSet).catch(() => {});
    this.listener.onEngineRestart(error);
  }

  private endRecordings(error: Error): void {
    const { recorder } = this;
    const reason = new Error(`the recording has ended, and is readable, because ${error.message}`);
    if (recorder.take !== null) this.listener.onRecordingFailed('take', reason);
    if (recorder.speechFigures !== null) this.listener.onRecordingFailed('speech', reason);
    void recorder.close().catch(() => {});
  }

  /** From the microphone's air to the loudspeaker's: the windows, what lies between the devices' callbacks, the devices. */
  private latency(): AudioStatus['latency'] {
    const { input, output } = this.streams;
    const rate = this.sampleRateHertz;
    const port = this.output;
    const algorithmSeconds = this.engine.metrics.get('latencySamples') / rate;
    const buffersSeconds = port === null ? 0 : (port.averageDelaySamples + port.resamplerSamples) / rate;
    const deviceSeconds = input.inputLatencySeconds + (output?.outputLatencySeconds ?? 0);
    const totalSeconds = algorithmSeconds + buffersSeconds + deviceSeconds;
    return { algorithmSeconds, buffersSeconds, deviceSeconds, totalSeconds };
  }

  private takeFigures(): AudioStatus['take'] {
    const { take } = this.recorder;
    return take === null ? null : { seconds: take.samples / this.sampleRateHertz, bytes: take.bytes };
  }

  private speechFigures(): AudioStatus['speech'] {
    const meter = this.recorder.speechFigures;
    if (meter === null) return null;
    const { recordedSeconds, speechSeconds, hints } = meter;
    return { recordedSeconds, speechSeconds, hints };
  }
}
