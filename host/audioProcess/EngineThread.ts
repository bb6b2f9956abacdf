import { MessageChannel, Worker } from 'node:worker_threads';
import { InputError } from '../../engine/core/errors.ts';
import { SampleRing } from '../../engine/core/SampleRing.ts';
import type { Seconds } from '../../engine/core/units.ts';
import { emptySpeakerSet } from '../../engine/model/SpeakerSet.ts';
import type { MixSettings } from '../../engine/realtime/MixSettings.ts';
import { SharedMetrics } from '../../engine/realtime/SharedMetrics.ts';
import { TelemetryRing } from '../../engine/realtime/TelemetryRing.ts';
import { TAP_CHANNELS } from '../../engine/realtime/tapChannels.ts';
import type { SeparatorParameters } from '../../engine/separator/parameters.ts';
import { planStft, type StftPlanOptions } from '../../engine/stft/StftPlan.ts';
import type {
  EngineGreeting,
  EngineThreadConfig,
  LoadedSpeakerSet,
  MessageToEngine,
  SamplerConfig,
  SamplerReply,
  SamplerRequest,
} from '../rpc/engineMessages.ts';

export interface EngineThreadOptions {
  /** The delay until the first speaker set is loaded. */
  readonly plan: StftPlanOptions;
  readonly mix: MixSettings;
  readonly parameters: SeparatorParameters;
  readonly hasMain: boolean;
  readonly hasSend: boolean;
  /** The system does not allow the engine a raised priority. */
  readonly onPriorityDenied: () => void;
  /** The engine's thread, or the one that samples speaker sets, has ended by itself. */
  readonly onFault: (error: Error) => void;
}

interface SamplerWaiter {
  readonly resolve: (speakerSet: LoadedSpeakerSet) => void;
  readonly reject: (error: Error) => void;
}

/** Room for what one thread may be late by. */
const RING_SECONDS: Seconds = 1;
/** A disk may be slower for a moment than a loudspeaker. */
const TAP_RING_SECONDS: Seconds = 4;
const STOP_PATIENCE_MILLISECONDS = 300;

/**
 * The engine in a thread of its own, fed and emptied through rings; a second thread samples the templates of new speaker sets, so that
 * neither sound nor devices wait for it.
 * @thread the one that owns the devices
 */
export class EngineThread {
  readonly input: SampleRing;
  readonly main: SampleRing | null;
  readonly send: SampleRing | null;
  /** [TAP_CHANNELS] while tapped. */
  readonly tap: SampleRing;
  readonly metrics = new SharedMetrics();
  readonly telemetry = new TelemetryRing();
  /** Resolves when the engine takes sound, or has ended before it could. */
  readonly ready: Promise<void>;

  private readonly engine: Worker;
  /** Starts when the engine runs: two threads that start at once keep the devices' own waiting. null: stopped before. */
  private readonly sampler: Promise<Worker | null>;
  private readonly control = new MessageChannel();
  private readonly messagesSent = new SharedArrayBuffer(4);
  private readonly requests = new Map<number, SamplerWaiter>();
  private requestNumber = 0;
  private isStopping = false;

  constructor(options: EngineThreadOptions) {
    const { plan, mix, parameters } = options;
    const { sampleRateHertz } = plan;
    const ring = (seconds: Seconds, channels = 1) =>
      new SampleRing(SampleRing.allocate(Math.ceil(seconds * sampleRateHertz), channels));
    this.input = ring(RING_SECONDS);
    this.main = options.hasMain ? ring(RING_SECONDS) : null;
    this.send = options.hasSend ? ring(RING_SECONDS) : null;
    this.tap = ring(TAP_RING_SECONDS, TAP_CHANNELS);
    const speakerSets = new MessageChannel();
    const config: EngineThreadConfig = {
      ...{ sampleRateHertz, mix, parameters, speakerSet: emptySpeakerSet(planStft(plan)) },
      input: this.input.buffer,
      main: this.main?.buffer ?? null,
      send: this.send?.buffer ?? null,
      tap: this.tap.buffer,
      board: this.metrics.buffer,
      telemetry: this.telemetry.buffer,
      messagesSent: this.messagesSent,
      speakerSets: speakerSets.port2,
      control: this.control.port2,
    };
    this.engine = new Worker(new URL('./engineWorker.js', import.meta.url), {
      workerData: config,
      transferList: [config.speakerSets, config.control],
    });
    const sampler: SamplerConfig = {
      speakerSets: speakerSets.port1,
      messagesSent: this.messagesSent,
      input: this.input.buffer,
    };
    this.ready = new Promise((resolve) => {
      this.engine.once('message', ({ isPriorityRaised }: EngineGreeting) => {
        if (!isPriorityRaised) options.onPriorityDenied();
        resolve();
      });
      this.engine.once('exit', resolve);
    });
    this.sampler = this.ready.then(() => (this.isStopping ? null : this.startSampler(sampler, options)));
    this.watchExit(this.engine, options);
  }

  /**
   * Samples these speakers' templates for this window, and fades to them.
   * @param presets texts of preset files; none: the delayed input alone
   * @param adaptation of the presets to each other
   * @throws InputError for presets, an adaptation or a plan that do not fit; then what was loaded stays
   */
  loadSpeakers(
    presets: readonly string[],
    plan: StftPlanOptions,
    adaptation: SamplerRequest['adaptation'] = null,
  ): Promise<LoadedSpeakerSet> {
    const number = ++this.requestNumber;
    return new Promise((resolve, reject) => {
      this.requests.set(number, { resolve, reject });
      void this.sampler.then((sampler) => {
        if (sampler === null) reject(new Error('the engine has been stopped'));
        else sampler.postMessage({ number, presets, adaptation, plan } satisfies SamplerRequest);
      });
    });
  }

  setMix(mix: MixSettings): void {
    this.tell({ type: 'mix', mix });
  }

  setParameters(parameters: SeparatorParameters): void {
    this.tell({ type: 'parameters', parameters });
  }

  setTapped(isTapped: boolean): void {
    this.tell({ type: 'tapped', isTapped });
  }

  /** Ends both threads; never throws. */
  async stop(): Promise<void> {
    this.isStopping = true;
    const ended = new Promise((resolve) => this.engine.once('exit', resolve));
    this.tell({ type: 'stop' });
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, STOP_PATIENCE_MILLISECONDS))]);
    await this.engine.terminate();
    await (await this.sampler)?.terminate();
    this.control.port1.close();
  }

  /** Ends both threads at once, whatever they do, and tells nobody but those who wait for a speaker set. */
  abandon(error: Error): void {
    this.isStopping = true;
    for (const request of this.requests.values()) request.reject(error);
    this.requests.clear();
    void this.engine.terminate();
    void this.sampler.then((sampler) => sampler?.terminate());
    this.control.port1.close();
  }

  private startSampler(config: SamplerConfig, options: EngineThreadOptions): Worker {
    const sampler = new Worker(new URL('./samplerWorker.js', import.meta.url), {
      workerData: config,
      transferList: [config.speakerSets],
    });
    sampler.on('message', (reply: SamplerReply) => this.settle(reply));
    this.watchExit(sampler, options);
    return sampler;
  }

  private watchExit(worker: Worker, options: EngineThreadOptions): void {
    worker.on('error', (error) => this.fail(options, error as Error));
    worker.on('exit', (code) => this.fail(options, new Error(`an engine thread has ended (${code})`)));
  }

  private tell(message: MessageToEngine): void {
    this.control.port1.postMessage(message);
    Atomics.add(new Int32Array(this.messagesSent), 0, 1);
    this.input.wake();
  }

  private settle(reply: SamplerReply): void {
    const request = this.requests.get(reply.number);
    this.requests.delete(reply.number);
    if (reply.problem === null) request?.resolve(reply);
    else request?.reject(new InputError(reply.problem));
  }

  private fail({ onFault }: EngineThreadOptions, error: Error): void {
    for (const request of this.requests.values()) request.reject(error);
    this.requests.clear();
    if (!this.isStopping) onFault(error);
    this.isStopping = true;
  }
}
