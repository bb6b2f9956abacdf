import { DemixingSlot } from '../../engine/channels/DemixingSlot.ts';
import { planLiveDemixing } from '../../engine/channels/liveDemixing.ts';
import type { Hertz, Samples } from '../../engine/core/units.ts';
import { FeedbackGuard } from '../../engine/realtime/FeedbackGuard.ts';
import { masterGain } from '../../engine/realtime/Mixer.ts';
import type { MixSettings } from '../../engine/realtime/MixSettings.ts';
import type { SeparatorParameters } from '../../engine/separator/parameters.ts';
import type { AudioBackend, StreamCallbacks } from '../audio/backend/AudioBackend.ts';
import type { AudioDevice } from '../audio/backend/AudioDevice.ts';
import { AudioError } from '../audio/backend/AudioError.ts';
import type { VoiceStreamFormat } from '../protocol/voiceStreamFormat.ts';
import type { AudioStatus, DeviceRequest, SpeakerSetRequest } from '../rpc/audioMessages.ts';
import type { LoadedSpeakerSet } from '../rpc/engineMessages.ts';
import { SYSTEM_CLOCK } from '../rpc/systemClock.ts';
import type { InputSound, RecordingKind } from '../rpc/takeMessages.ts';
import { audioStatus } from './audioStatus.ts';
import { EnginePorts } from './EnginePorts.ts';
import { EngineSetup } from './EngineSetup.ts';
import { EngineSupervisor } from './EngineSupervisor.ts';
import { EngineThread } from './EngineThread.ts';
import { type EngineCounts, engineCounts } from './engineCounts.ts';
import { listenToInput } from './listenToInput.ts';
import {
  type ChosenDevices,
  chooseDevices,
  inputWeights,
  type OpenedStreams,
  openedChannels,
  openStreams,
  outputChannels,
} from './liveStreams.ts';
import { TakeRecorder } from './TakeRecorder.ts';

export interface LiveAudioListener {
  /** The devices were lost, or the engine failed and is not restarted. `close` must still be called. */
  onLost(error: AudioError): void;
  /** A recording ended early because of an error; its files are readable. */
  onRecordingFailed(what: RecordingKind, error: Error): void;
  /** The next sound of the voice stream. */
  onSound(pcm: Uint8Array): void;
  /** The next sound frame of the mix. */
  onMix(frame: Uint8Array): void;
  /** The next sound of the input. */
  onInput(sound: InputSound): void;
  /** Feedback has been found, and the output silenced. */
  onFeedback(): void;
  /** One line for the user. */
  onNotice(text: string): void;
  /** The best channels of the input, or the bleed between those of the voices, have been found. @param remark one line for the user */
  onInputChosen(remark: string): void;
  /** A new engine has replaced one that has ended because of `error`. */
  onEngineRestart(error: Error): void;
}

/** What a session starts with besides its devices. */
export interface AudioStart {
  readonly mix: MixSettings;
  readonly parameters: SeparatorParameters;
  /** A voice for another program; null: none. */
  readonly stream: VoiceStreamFormat | null;
}

interface OpenedDevices {
  readonly devices: ChosenDevices;
  readonly streams: OpenedStreams;
  readonly inputChannels: number;
  /** Whether the input is a file. */
  readonly isFile: boolean;
}

const PRIORITY_DENIED =
  'the system does not allow the engine a raised priority: on a busy machine sound may drop out sooner';

/**
 * A running session: open devices, an engine between them, and recordings. A new one is made whenever devices are opened.
 * @thread device
 */
export class LiveAudio {
  readonly sampleRateHertz: Hertz;
  readonly inputDevice: AudioDevice;
  readonly outputDevice: AudioDevice | null;
  readonly sendDevice: AudioDevice | null;
  /** Reads the tap of the current engine, so each engine has a recorder of its own. */
  recorder: TakeRecorder;

  private readonly streams: OpenedStreams;
  private readonly listener: LiveAudioListener;
  private readonly setup: EngineSetup;
  private readonly stream: VoiceStreamFormat | null;
  private readonly supervisor: EngineSupervisor<EngineThread>;
  private readonly ports: EnginePorts;
  /** Where demixings arrive for this engine and its successors; null: voices have no channels. */
  private readonly demixing: DemixingSlot | null;
  /** The thread that listens to all channels of the input; null: there is none. */
  private readonly channels: { terminate(): Promise<void> } | null;
  /** The engine whose rings the ports use; differs from the supervisor's for a moment during a restart. */
  private engine: EngineThread;
  /** Sum of the counters of all earlier engines; null while the first engine runs. */
  private earlierCounts: EngineCounts | null = null;
  /** Whether the input is a file, which hears no loudspeaker. */
  private readonly isFile: boolean;
  /** Watches the output; null: there is none, or the input is a file. */
  private readonly guard: FeedbackGuard | null;
  private isListening = false;
  private isInputFollowed = false;
  private isClosed = false;
  /** Why devices or engine were lost; null: they were not. */
  private lostBecause: string | null = null;

  private constructor(
    { devices, streams, inputChannels, isFile }: OpenedDevices,
    request: DeviceRequest,
    start: AudioStart,
    listener: LiveAudioListener,
  ) {
    this.streams = streams;
    this.inputDevice = devices.input;
    this.outputDevice = devices.output;
    this.sendDevice = devices.send;
    this.isFile = isFile;
    this.listener = listener;
    this.stream = start.stream;
    this.sampleRateHertz = streams.input.sampleRateHertz;
    const hasChannels = request.voiceChannels !== null;
    this.setup = new EngineSetup(start, this.sampleRateHertz, hasChannels);
    this.demixing = hasChannels ? newSlot(inputChannels, this.sampleRateHertz) : null;
    this.supervisor = new EngineSupervisor<EngineThread>({
      clock: SYSTEM_CLOCK,
      start: (onFault) => this.startEngine(onFault),
      onEnded: (error) => this.detach(error),
      onRestarted: (engine, error) => this.attach(engine, error),
      onFailed: ({ message }) =>
        listener.onLost(new AudioError('gone', `the engine cannot run: ${message}`, 'please report it')),
    });
    this.engine = this.supervisor.latest;
    this.ports = new EnginePorts(this.engine, {
      devices,
      streams,
      inputWeights: inputWeights(inputChannels, request),
      hasChannels,
      masterGain: () => masterGain(this.setup.mix.master),
      clock: SYSTEM_CLOCK,
    });
    this.guard =
      devices.output === null || streams.output === null || isFile
        ? null
        : new FeedbackGuard(streams.output.sampleRateHertz, outputChannels(devices.output));
    this.recorder = this.createRecorder();
    this.channels = listenToInput({
      input: this.ports.input,
      name: devices.input.name,
      channels: inputChannels,
      sampleRateHertz: this.sampleRateHertz,
      request,
      slot: this.demixing,
      onFound: (remark) => listener.onInputChosen(remark),
      onNotice: (text) => listener.onNotice(text),
    });
  }

  /**
   * Opens devices and starts the engine, without speakers.
   * @throws AudioError; then nothing stays open
   */
  static async open(
    backend: AudioBackend,
    devices: readonly AudioDevice[],
    request: DeviceRequest,
    start: AudioStart,
    listener: LiveAudioListener,
  ): Promise<LiveAudio> {
    const chosen = chooseDevices(devices, request);
    const inputChannels = openedChannels(chosen.input, request);
    const opening: { audio: LiveAudio | null; lost: AudioError | null } = { audio: null, lost: null };
    const onLost = (error: AudioError) => {
      if (opening.audio === null) opening.lost = error;
      else if (!opening.audio.isClosed) {
        opening.audio.lostBecause = error.message;
        listener.onLost(error);
      }
    };
    const callbacks = (direction: 'output' | 'send'): StreamCallbacks => ({
      onInput: (samples, frames, lost) => opening.audio?.ports.input.write(samples, frames, lost),
      onOutput: (samples, frames, lost) => {
        const port = opening.audio?.ports[direction] ?? null;
        if (port === null) samples.fill(0);
        else port.read(samples, frames, lost);
        if (direction === 'output') opening.audio?.watchFeedback(samples, frames);
      },
      onLost,
    });
    const streams = await openStreams(backend, chosen, inputChannels, request.sampleRateHertz, callbacks);
    const audio = new LiveAudio(
      { devices: chosen, streams, inputChannels, isFile: backend.name === 'file' },
      request,
      start,
      { ...listener, onLost },
    );
    // Input that arrives before the engine runs is discarded: it would only add delay.
    await audio.supervisor.settled;
    if (opening.lost !== null) {
      await audio.close();
      throw opening.lost;
    }
    opening.audio = audio;
    return audio;
  }

  /**
   * @throws InputError for presets or a window that do not fit, AudioError while the engine is being restarted; then the loaded speakers
   * stay
   */
  async loadSpeakers(request: SpeakerSetRequest): Promise<LoadedSpeakerSet> {
    if (!this.supervisor.isAlive(this.engine))
      throw new AudioError('gone', 'the engine is being restarted', 'try again in a few seconds');
    this.recorder.nameVoices(request.voices);
    const loaded = await this.engine.loadSpeakers(request, this.setup.planOf(request));
    this.setup.speakerSet = request;
    return loaded;
  }

  setMix(mix: MixSettings): void {
    if (this.setup.mix.master.isMuted === true && mix.master.isMuted !== true) this.guard?.release();
    this.setup.mix = mix;
    this.engine.setMix(mix);
  }

  setParameters(parameters: SeparatorParameters): void {
    this.setup.parameters = parameters;
    this.engine.setParameters(parameters);
  }

  /** Starts or stops the sound frames of the mix. @throws CallError if the thread that sends them ends */
  async setListening(isListening: boolean): Promise<void> {
    this.isListening = isListening;
    await (isListening ? this.recorder.startMix(!this.isFile) : this.recorder.stopMix());
  }

  /** Starts or stops the sound of the input. @throws CallError if the thread that sends it ends */
  async followInput(isFollowed: boolean): Promise<void> {
    this.isInputFollowed = isFollowed;
    await (isFollowed ? this.recorder.startInput() : this.recorder.stopInput());
  }

  /** The next telemetry frame for the panels; null: none is waiting. */
  takeTelemetry(): Uint8Array | null {
    return this.engine.telemetry.read();
  }

  status(): AudioStatus {
    const { sampleRateHertz, streams, ports, recorder, earlierCounts, supervisor } = this;
    const metrics = this.engine.metrics;
    const engineRestarts = supervisor.restarts;
    return audioStatus({ sampleRateHertz, metrics, streams, ports, recorder, engineRestarts, earlierCounts });
  }

  /**
   * Completes recordings, closes devices, ends the engine; never throws.
   * @param brokenOff why recordings end early, unless devices or engine were lost; null: they are complete
   */
  async close(brokenOff: string | null = null): Promise<void> {
    this.isClosed = true;
    await this.supervisor.stop(async () => {
      await this.recorder.close(this.lostBecause ?? brokenOff);
      const { input, output, send } = this.streams;
      await Promise.all([...new Set([input, output, send])].map((stream) => stream?.close()));
      await this.channels?.terminate();
    });
  }

  private watchFeedback(samples: Float32Array, frames: Samples): void {
    if (this.guard?.process(samples, frames) === true) this.listener.onFeedback();
  }

  private startEngine(onFault: (error: Error) => void): EngineThread {
    return new EngineThread({
      plan: this.setup.plan,
      mix: this.setup.mix,
      parameters: this.setup.parameters,
      demixing: this.demixing,
      hasMain: this.streams.output !== null,
      hasSend: this.streams.send !== null,
      onPriorityDenied: () => this.listener.onNotice(PRIORITY_DENIED),
      onFault,
    });
  }

  private createRecorder(): TakeRecorder {
    const { engine, stream, listener } = this;
    const recorder = new TakeRecorder({
      tap: engine.tap,
      tapMarks: engine.tapMarks,
      sampleRateHertz: this.sampleRateHertz,
      droppedSamples: () => engine.metrics.get('tapDroppedSamples'),
      onTapped: (isTapped) => engine.setTapped(isTapped),
      onSound: (pcm) => listener.onSound(pcm),
      onMix: (frame) => listener.onMix(frame),
      onInput: (sound) => listener.onInput(sound),
      onFeedback: () => listener.onFeedback(),
      onFault: (what, error) => listener.onRecordingFailed(what, error),
    });
    recorder.nameVoices(this.setup.speakerSet?.voices ?? []);
    if (stream !== null) {
      recorder.startStream(stream).catch((error: Error) => {
        if (!this.isClosed && this.recorder === recorder) listener.onRecordingFailed('stream', error);
      });
    }
    // If the thread ends, the next recorder or the next listener starts another.
    if (this.isListening) recorder.startMix(!this.isFile).catch(() => {});
    if (this.isInputFollowed) recorder.startInput().catch(() => {});
    return recorder;
  }

  /** Called when the engine has ended: devices stay open and play the dry fallback; recordings end, their files are readable. */
  private detach(error: Error): void {
    const { recorder } = this;
    const reason = new Error(`the recording ended early (${error.message}); its files are readable`);
    if (recorder.take !== null) this.listener.onRecordingFailed('take', reason);
    if (recorder.speechFigures !== null) this.listener.onRecordingFailed('speech', reason);
    void recorder.close(error.message);
    this.ports.disconnect();
  }

  private attach(engine: EngineThread, error: Error): void {
    this.earlierCounts = engineCounts(this.engine.metrics.read(), this.earlierCounts);
    this.ports.connect(engine);
    this.engine = engine;
    this.recorder = this.createRecorder();
    void this.reloadSpeakers(engine);
    this.listener.onEngineRestart(error);
  }

  /** Never throws. If this engine ends as well, its successor loads the speakers. */
  private async reloadSpeakers(engine: EngineThread): Promise<void> {
    const problem = await this.setup.reloadSpeakers(engine);
    if (problem !== null && this.supervisor.isAlive(engine)) this.listener.onNotice(problem);
  }
}

function newSlot(channels: number, sampleRateHertz: Hertz): DemixingSlot {
  return new DemixingSlot(DemixingSlot.allocate(channels, planLiveDemixing(sampleRateHertz).bins));
}
