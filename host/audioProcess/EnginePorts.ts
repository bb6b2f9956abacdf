import type { Clock } from '../../engine/core/Clock.ts';
import type { SampleRing } from '../../engine/core/SampleRing.ts';
import type { Hertz, Seconds } from '../../engine/core/units.ts';
import { DryFallback } from '../../engine/realtime/DryFallback.ts';
import { DryHistory } from '../../engine/realtime/DryHistory.ts';
import { InputPort } from '../../engine/realtime/InputPort.ts';
import { PlayoutBuffer } from '../../engine/realtime/PlayoutBuffer.ts';
import { StreamPositionMap } from '../../engine/realtime/StreamPositionMap.ts';
import type { AudioStream } from '../audio/backend/AudioBackend.ts';
import type { AudioDevice } from '../audio/backend/AudioDevice.ts';
import type { EngineThread } from './EngineThread.ts';
import { blockSamples, type ChosenDevices, type OpenedStreams, outputChannels } from './liveStreams.ts';

export interface EnginePortsOptions {
  readonly devices: ChosenDevices;
  readonly streams: OpenedStreams;
  /** [channels] Factors on the channels of the input device. */
  readonly inputWeights: readonly number[];
  /** Whether the engine receives all channels of the input rather than their weighted sum. @default false */
  readonly hasChannels?: boolean;
  /** Factor on the mix as a whole, applied to the dry fallback. */
  readonly masterGain: () => number;
  readonly clock: Pick<Clock, 'nowMilliseconds'>;
}

/** Shared memory of an engine: its rings and metrics. */
export type EngineConnection = Pick<EngineThread, 'input' | 'main' | 'send' | 'metrics'>;

/** Blocks left in the queue when a block is read: the lateness of sound servers that occurs now and then. */
const RESERVE_BLOCKS = 2;
/** Input kept for the dry fallback; longer than any latency and queue. */
const HISTORY_SECONDS: Seconds = 2;

/**
 * The devices' side of the rings: input port, playout buffers and the dry history. It outlives engines: while there is none, the outputs
 * play the dry fallback.
 * @thread device
 */
export class EnginePorts {
  readonly input: InputPort;
  /** null: the session has no such output. */
  readonly output: PlayoutBuffer | null;
  readonly send: PlayoutBuffer | null;
  private readonly sampleRateHertz: Hertz;
  private readonly masterGain: () => number;
  private readonly clock: Pick<Clock, 'nowMilliseconds'>;
  private readonly history: DryHistory;
  private readonly positions: StreamPositionMap;

  constructor(engine: EngineConnection, options: EnginePortsOptions) {
    const { devices, streams } = options;
    this.sampleRateHertz = streams.input.sampleRateHertz;
    this.masterGain = options.masterGain;
    this.clock = options.clock;
    this.history = new DryHistory(HISTORY_SECONDS * this.sampleRateHertz);
    this.positions = new StreamPositionMap(this.history, engine, this.sampleRateHertz);
    this.input = new InputPort(engine.input, this.history, {
      sampleRateHertz: this.sampleRateHertz,
      weights: options.inputWeights,
      hasChannels: options.hasChannels ?? false,
      now: () => this.clock.nowMilliseconds(),
    });
    this.output = this.playout(engine.main, streams.output, devices.output, streams.output === streams.input);
    this.send = this.playout(engine.send, streams.send, devices.send, false);
  }

  /** Counters of both outputs, added. */
  outputCount(name: keyof PlayoutBuffer['counters']): number {
    return (this.output?.counters[name] ?? 0) + (this.send?.counters[name] ?? 0);
  }

  /** Called when the engine has ended: input goes to the dry history only. */
  disconnect(): void {
    this.input.connect(null);
  }

  /** Connects a new engine; the outputs play the dry fallback until its first block arrives. */
  connect(engine: EngineConnection): void {
    this.input.connect(engine.input);
    // The outputs start their dry fallback at stream positions of the old engine, so the map changes to the new engine afterwards.
    if (engine.main !== null) this.output?.connect(engine.main);
    if (engine.send !== null) this.send?.connect(engine.send);
    this.positions.follow(engine);
  }

  private playout(
    ring: SampleRing | null,
    stream: AudioStream | null,
    device: AudioDevice | null,
    isSynchronous: boolean,
  ): PlayoutBuffer | null {
    if (ring === null || stream === null || device === null) return null;
    const { sampleRateHertz, history, positions } = this;
    return new PlayoutBuffer(ring, {
      engineRateHertz: sampleRateHertz,
      deviceRateHertz: stream.sampleRateHertz,
      channels: outputChannels(device),
      isSynchronous,
      reserveSamples: RESERVE_BLOCKS * blockSamples(sampleRateHertz),
      inputBlockSamples: () => this.input.latestSamples,
      delayAt: (position) => {
        const ageSeconds = (this.clock.nowMilliseconds() - this.input.latestMilliseconds) / 1000;
        return positions.queuedSamplesAt(position) + ageSeconds * sampleRateHertz;
      },
      dryFallback: new DryFallback(history, positions, sampleRateHertz, this.masterGain),
    });
  }
}
