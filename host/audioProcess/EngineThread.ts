import { MessageChannel, Worker } from 'node:worker_threads';
import type { DemixingSlot } from '../../engine/channels/DemixingSlot.ts';
import { CallError } from '../../engine/core/CallError.ts';
import { SampleRing } from '../../engine/core/SampleRing.ts';
import type { Seconds } from '../../engine/core/units.ts';
import { emptySpeakerSet } from '../../engine/model/SpeakerSet.ts';
import type { MixSettings } from '../../engine/realtime/MixSettings.ts';
import { SharedMetrics } from '../../engine/realtime/SharedMetrics.ts';
import { TapMarks } from '../../engine/realtime/TapMarks.ts';
import { TelemetryRing } from '../../engine/realtime/TelemetryRing.ts';
import { TAP_CHANNELS } from '../../engine/realtime/tapChannels.ts';
import type { SeparatorParameters } from '../../engine/separator/parameters.ts';
import { planStft, type StftPlanOptions } from '../../engine/stft/StftPlan.ts';
import type { SpeakerSetRequest } from '../rpc/audioMessages.ts';
import { CallableThread } from '../rpc/CallableThread.ts';
import type {
  EngineGreeting,
  EngineThreadConfig,
  LoadedSpeakerSet,
  MessageToEngine,
  SamplerConfig,
  SamplerRequests,
} from '../rpc/engineMessages.ts';
import { terminateLoaded } from '../rpc/terminateLoaded.ts';

export interface EngineThreadOptions {
  /** Window and hop until the first speaker set is loaded; they determine the latency. */
  readonly plan: StftPlanOptions;
  readonly mix: MixSettings;
  readonly parameters: SeparatorParameters;
  /** Where demixings of the input's channels arrive; null: the input has one channel. */
  readonly demixing: DemixingSlot | null;
  /** Whether there is a ring for the main output, and for the send output. */
  readonly hasMain: boolean;
  readonly hasSend: boolean;
  /** The system does not allow the engine a raised priority. */
  readonly onPriorityDenied: () => void;
  /** The engine thread or the sampler thread has ended by itself. Called once, and never after `stop` or `abandon`. */
  readonly onFault: (error: Error) => void;
}

/** Capacity of the audio rings, and so the longest tolerated delay of either thread. */
const RING_SECONDS: Seconds = 1;
/** Capacity of the tap, and so the longest tolerated disk write. */
const TAP_RING_SECONDS: Seconds = 4;
const STOP_PATIENCE_MILLISECONDS = 300;
/**
 * Time to sample a speaker set, after which the sampler counts as hung; below the deadline of the session's request. Eight speakers at a
 * window of 1 s take 4 s on an idle machine.
 */
const SAMPLING_DEADLINE_MILLISECONDS = 45_000;
const RESTART_REMEDY = 'it is being restarted; try again in a few seconds';

/**
 * The engine in a worker thread, connected through rings. A second worker, the sampler, samples the templates of new speaker sets, so that
 * neither the engine nor the device callbacks wait for them.
 * @thread device
 */
export class EngineThread {
  readonly input: SampleRing;
  readonly main: SampleRing | null;
  readonly send: SampleRing | null;
  /** [TAP_CHANNELS] interleaved; filled while tapped. */
  readonly tap: SampleRing;
  readonly tapMarks = new TapMarks();
  readonly metrics = new SharedMetrics();
  readonly telemetry = new TelemetryRing();
  /** 'ready': the engine processes audio. 'exited': it ended before it was ready. */
  readonly ready: Promise<'ready' | 'exited'>;

  private readonly engine: Worker;
  /** Starts after the engine, since two workers starting at once delay the device callbacks; null if the engine ended before. */
  private readonly sampler: Promise<CallableThread<SamplerRequests> | null>;
  private readonly control = new MessageChannel();
  private readonly messagesSent = new SharedArrayBuffer(4);
  private isOver = false;

  constructor(options: EngineThreadOptions) {
    const { plan, mix, parameters, demixing } = options;
    const { sampleRateHertz } = plan;
    const ring = (seconds: Seconds, channels = 1) =>
      new SampleRing(SampleRing.allocate(Math.ceil(seconds * sampleRateHertz), channels));
    this.input = ring(RING_SECONDS, demixing?.channels ?? 1);
    this.main = options.hasMain ? ring(RING_SECONDS) : null;
    this.send = options.hasSend ? ring(RING_SECONDS) : null;
    this.tap = ring(TAP_RING_SECONDS, TAP_CHANNELS);
    const speakerSets = new MessageChannel();
    const config: EngineThreadConfig = {
      sampleRateHertz,
      mix,
      parameters,
      speakerSet: emptySpeakerSet(planStft(plan)),
      input: this.input.buffer,
      demixing: demixing?.buffer ?? null,
      main: this.main?.buffer ?? null,
      send: this.send?.buffer ?? null,
      tap: this.tap.buffer,
      tapMarks: this.tapMarks.buffer,
      metrics: this.metrics.buffer,
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
        resolve('ready');
      });
      this.engine.once('exit', () => resolve('exited'));
    });
    this.sampler = this.ready.then((outcome) =>
      outcome === 'exited' || this.isOver ? null : this.startSampler(sampler, options),
    );
    this.watchExit(this.engine, options);
  }

  /**
   * Samples the templates of these speakers for the plan's window and cross-fades to them.
   * @param request without presets the output is the delayed input
   * @throws InputError if presets, adaptation and plan do not fit each other; then the loaded speaker set stays. CallError if the engine or
   * the sampler has ended or does not answer
   */
  async loadSpeakers(
    {
      presets,
      voices,
      channels,
      adaptation,
      background,
    }: Pick<SpeakerSetRequest, 'presets' | 'voices' | 'channels' | 'adaptation' | 'background'>,
    plan: StftPlanOptions,
  ): Promise<LoadedSpeakerSet> {
    const sampler = await this.sampler;
    if (sampler === null || this.isOver) throw new CallError('ended', 'the engine has ended', RESTART_REMEDY);
    return sampler.call('sample', {
      presets,
      adaptation,
      background,
      voices: voices.map(({ id }) => id),
      channels,
      plan,
    });
  }

  setMix(mix: MixSettings): void {
    this.post({ type: 'mix', mix });
  }

  setParameters(parameters: SeparatorParameters): void {
    this.post({ type: 'parameters', parameters });
  }

  setTapped(isTapped: boolean): void {
    this.post({ type: 'tapped', isTapped });
  }

  /** Ends both threads; never throws. */
  async stop(): Promise<void> {
    this.isOver = true;
    const ended = new Promise((resolve) => this.engine.once('exit', resolve));
    this.post({ type: 'stop' });
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, STOP_PATIENCE_MILLISECONDS))]);
    await terminateLoaded(this.engine, this.ready);
    await (await this.sampler)?.terminate();
    this.control.port1.close();
  }

  /** Terminates both threads immediately. Pending loads are rejected; onFault is not called. */
  abandon(error: Error): void {
    this.isOver = true;
    const ended = new CallError('ended', `the engine has ended (${error.message})`, RESTART_REMEDY, error);
    void terminateLoaded(this.engine, this.ready);
    void this.sampler.then((sampler) => sampler?.terminate(0, ended));
    this.control.port1.close();
  }

  private startSampler(config: SamplerConfig, options: EngineThreadOptions): CallableThread<SamplerRequests> {
    return new CallableThread<SamplerRequests>({
      url: new URL('./samplerWorker.js', import.meta.url),
      name: 'the sampler of the engine',
      remedy: RESTART_REMEDY,
      deadlinesMilliseconds: { sample: SAMPLING_DEADLINE_MILLISECONDS },
      workerData: config,
      transferList: [config.speakerSets],
      onEnded: (error) => this.fail(options, error),
    });
  }

  private watchExit(worker: Worker, options: EngineThreadOptions): void {
    worker.on('error', (error: Error) => this.fail(options, error));
    worker.on('exit', (code) => this.fail(options, new Error(`the engine thread exited with code ${code}`)));
  }

  private post(message: MessageToEngine): void {
    this.control.port1.postMessage(message);
    Atomics.add(new Int32Array(this.messagesSent), 0, 1);
    this.input.wake();
  }

  private fail({ onFault }: EngineThreadOptions, error: Error): void {
    if (this.isOver) return;
    this.isOver = true;
    onFault(error);
  }
}
