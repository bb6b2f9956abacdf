import { InputError } from '../../../engine/core/errors.ts';
import type { ListedDevice } from '../../../host/protocol/LiveState.ts';
import type { AudioRequestName, AudioRequests, OpenedAudio } from '../../../host/rpc/audioMessages.ts';
import type { AudioProcessListener } from '../../../host/session/AudioProcess.ts';
import { openSimulated } from './simulatedDevices.ts';

/** A request and its argument. */
export type Asked = { [Name in AudioRequestName]: readonly [Name, AudioRequests[Name]['argument']] }[AudioRequestName];

const OPENED: OpenedAudio = {
  backend: 'file',
  notice: null,
  inputName: 'microphone',
  outputName: 'loudspeaker',
  sendName: null,
  sampleRateHertz: 16_000,
  devices: [],
};

/** Stands in for AudioProcess: answers and records requests, and can be lost. */
export class FakeAudioProcess {
  /** All instances, the latest last. */
  static readonly all: FakeAudioProcess[] = [];
  /** Called before a request is answered; may delay it, or throw to refuse it. */
  static before: (request: Asked) => void | Promise<void> = () => {};

  /** Devices of the machine; null: any name can be opened. */
  static devices: readonly ListedDevice[] | null = null;

  readonly asked: Asked[] = [];
  private readonly listener: AudioProcessListener;
  private isOver = false;

  constructor(listener: AudioProcessListener) {
    this.listener = listener;
    FakeAudioProcess.all.push(this);
  }

  static get latest(): FakeAudioProcess {
    return FakeAudioProcess.all.at(-1)!;
  }

  static reset(): void {
    FakeAudioProcess.all.length = 0;
    FakeAudioProcess.before = () => {};
    FakeAudioProcess.devices = null;
  }

  async request(name: AudioRequestName, argument: unknown): Promise<unknown> {
    if (this.isOver) throw new InputError('gone: the audio process has ended');
    const request = [name, argument] as unknown as Asked;
    await FakeAudioProcess.before(request);
    if (this.isOver) throw new InputError('gone: the audio process has ended');
    this.asked.push(request);
    const { devices } = FakeAudioProcess;
    if (request[0] === 'open') return devices === null ? OPENED : openSimulated(devices, request[1].request);
    if (name === 'devices' && devices !== null) return { backend: 'portaudio', notice: null, devices };
    return name === 'speakerSet' ? { windowSamples: 640, hopSamples: 64, similarity: [] } : null;
  }

  /** Argument of the latest request of this name. */
  last<Name extends AudioRequestName>(name: Name): AudioRequests[Name]['argument'] | undefined {
    return this.asked.findLast(([each]) => each === name)?.[1] as AudioRequests[Name]['argument'] | undefined;
  }

  /** Simulates the loss of the sound server. */
  lose(): void {
    this.isOver = true;
    this.listener.onLost('the device is gone');
  }

  /** Simulates that the best channels of the input have been found. */
  chooseInput(remark: string): void {
    this.listener.onInputChosen(remark);
  }

  /** Simulates two seconds of silence at the input. */
  hear(): void {
    this.listener.onInput({ samples: new Float32Array(32_000), sampleRateHertz: 16_000 });
  }

  async close(): Promise<void> {
    this.isOver = true;
  }

  kill(): void {
    this.isOver = true;
  }
}
