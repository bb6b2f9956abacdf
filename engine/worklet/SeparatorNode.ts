import { CallError } from '../core/CallError.ts';
import { errorOf } from '../core/errorRecord.ts';
import { InputError, requireInteger } from '../core/errors.ts';
import { MAXIMUM_SPEAKERS } from '../core/limits.ts';
import { PendingCalls } from '../core/PendingCalls.ts';
import type { Seconds } from '../core/units.ts';
import type { KernelVariant } from '../kernel/Kernel.ts';
import { adaptSpeakerSet, type JointAdaptation } from '../model/JointAdaptation.ts';
import type { Preset } from '../model/Preset.ts';
import { type SpeakerSet, sampleSpeakerSet } from '../model/SpeakerSet.ts';
import type { PackedSpeakerSet } from '../separator/PackedSpeakerSet.ts';
import { packSpeakerSet } from '../separator/packSpeakerSet.ts';
import { PARAMETERS, resolveParameters, type SeparatorParameters } from '../separator/parameters.ts';
import { type LatencyMode, latencySamples, planStft } from '../stft/StftPlan.ts';
import {
  type MessageFromProcessor,
  type MessageToProcessor,
  PROCESSOR_NAME,
  type ProcessorStart,
} from './workletMessages.ts';

/** The processor's file, beside this module; node-web-audio-api requires a path. */
export const PROCESSOR_URL = new URL(/* @vite-ignore */ './separator-processor.js', import.meta.url);

export interface SeparatorSpeakers {
  /** 1 to as many as the node has outputs for. */
  readonly presets: readonly Preset[];
  /** Joint adaptation of these speakers, in this order. @default none */
  readonly adaptation?: JointAdaptation;
  /** A mode's name or seconds. @default 'monitor' */
  readonly latency?: LatencyMode | Seconds;
}

/** Limits of `SeparatorNode.loadPresets`. */
export interface LoadLimits {
  /** Ends the wait; speakers that the processor has received already are loaded nevertheless. */
  readonly signal?: AbortSignal;
  /** Time for an answer of the audio thread, which does not answer while its context is suspended. @default 30 */
  readonly timeoutSeconds?: Seconds;
}

/** Swapping takes milliseconds, but a page may still have to resume its context, and an offline one to start rendering. */
const LOAD_TIMEOUT_SECONDS: Seconds = 30;

export interface SeparatorNodeOptions extends SeparatorSpeakers {
  /** Outputs for voices, 1 to 8. @default as many as presets, 2 at least */
  readonly maximumSpeakers?: number;
  readonly parameters?: Partial<SeparatorParameters>;
  /** Where the processor's file is; it must come from the page's origin. @default PROCESSOR_URL */
  readonly processorUrl?: string | URL;
  /** Constructor of another Web Audio library, such as node-web-audio-api. @default the browser's */
  readonly AudioWorkletNode?: typeof AudioWorkletNode;
  /** Build of the compute kernel. @default the fastest that runs here */
  readonly variant?: KernelVariant;
  /** Called when the processor has thrown. It stays silent: create another node. */
  readonly onError?: (error: Error) => void;
}

/**
 * The separator as a node of a Web Audio graph: one input (its channels' mean), one mono output for each voice and a last one for the
 * rest, which together are the input `latencySeconds` later. Needs no cross-origin isolation.
 * @thread main
 */
export class SeparatorNode {
  /** The Web Audio node. Connect sources to it; use `connect` for its outputs. */
  readonly node: AudioWorkletNode;
  readonly maximumSpeakers: number;
  private readonly context: BaseAudioContext;
  private readonly loads = new PendingCalls<void>({
    clock: {
      after: (milliseconds, action) => {
        const timer = setTimeout(action, milliseconds);
        return () => clearTimeout(timer);
      },
    },
    peer: 'the audio thread',
    remedy: 'resume the AudioContext, or start rendering, and try again',
  });
  /** Speaker sets that the processor has not answered yet, even if nobody waits any longer. */
  private readonly sent = new Map<number, SpeakerSet>();
  /** The latest that the processor has accepted. */
  private speakerSet: SpeakerSet;
  /** Error that ended the processor; null while it runs. */
  private end: Error | null = null;

  private constructor(
    context: BaseAudioContext,
    node: AudioWorkletNode,
    speakerSet: SpeakerSet,
    options: SeparatorNodeOptions,
  ) {
    this.context = context;
    this.node = node;
    this.speakerSet = speakerSet;
    this.maximumSpeakers = node.numberOfOutputs - 1;
    node.port.onmessage = ({ data }: MessageEvent<MessageFromProcessor>) => this.receive(data);
    node.onprocessorerror = (event) => {
      const detail = 'message' in event && event.message !== '' ? ` (${String(event.message)})` : '';
      const error = new CallError('ended', `the separator's processor has failed${detail}`, 'create another node');
      this.finish(error);
      options.onError?.(error);
    };
  }

  /**
   * Loads the processor into the context, samples the templates at its rate, and makes the node.
   * @throws InputError for presets, parameters or a latency out of range, before anything is loaded; what `addModule` throws
   */
  static async create(context: BaseAudioContext, options: SeparatorNodeOptions): Promise<SeparatorNode> {
    const maximumSpeakers = options.maximumSpeakers ?? Math.max(2, options.presets.length);
    requireInteger('maximumSpeakers', maximumSpeakers, 1, MAXIMUM_SPEAKERS);
    const parameters = resolveParameters(options.parameters);
    const speakerSet = speakerSetOf(context, options, maximumSpeakers);
    await context.audioWorklet.addModule(String(options.processorUrl ?? PROCESSOR_URL));
    const start: ProcessorStart = {
      speakerSet: packSpeakerSet(speakerSet),
      maximumSpeakers,
      variant: options.variant ?? null,
    };
    const Node = options.AudioWorkletNode ?? AudioWorkletNode;
    const node = new Node(context, PROCESSOR_NAME, {
      numberOfInputs: 1,
      numberOfOutputs: maximumSpeakers + 1,
      outputChannelCount: new Array<number>(maximumSpeakers + 1).fill(1),
      parameterData: { ...parameters },
      processorOptions: start,
    });
    return new SeparatorNode(context, node, speakerSet, options);
  }

  /** Delay from input to outputs with the speakers loaded last. */
  get latencySeconds(): Seconds {
    return latencySamples(this.speakerSet.plan) / this.speakerSet.plan.sampleRateHertz;
  }

  /** Names, in the order of the outputs. */
  get speakers(): readonly string[] {
    return this.speakerSet.speakers.map(({ name }) => name);
  }

  /** @returns k-rate AudioParam with the range and default of `PARAMETERS` */
  parameter(name: keyof SeparatorParameters): AudioParam {
    const parameter = this.node.parameters.get(name);
    if (parameter === undefined) {
      throw new InputError(`unknown parameter "${name}"; there are ${Object.keys(PARAMETERS).join(', ')}`);
    }
    return parameter;
  }

  /** @param output number of a voice, or the rest @throws InputError for a voice that the node has no output for */
  connect(destination: AudioNode, output: number | 'rest'): void {
    const number = output === 'rest' ? this.maximumSpeakers : output;
    requireInteger('output', number, 0, this.maximumSpeakers);
    this.node.connect(destination, number);
  }

  /**
   * Cross-fades to other speakers or another latency. Samples and packs the templates on this thread; the audio thread copies them, part
   * by part.
   * @returns promise that resolves when the fade is scheduled; in an OfflineAudioContext only once it renders
   * @throws InputError if the speakers cannot be loaded (the old ones stay) or the node is closed; CallError if the processor has ended,
   * does not answer in time, or the wait is aborted
   */
  async loadPresets(speakers: SeparatorSpeakers, limits: LoadLimits = {}): Promise<void> {
    if (this.end !== null) throw this.end;
    const { signal, timeoutSeconds = LOAD_TIMEOUT_SECONDS } = limits;
    const speakerSet = speakerSetOf(this.context, speakers, this.maximumSpeakers);
    const packed = packSpeakerSet(speakerSet);
    const { number, answer } = this.loads.open('load', {
      timeoutMilliseconds: 1000 * timeoutSeconds,
      ...(signal === undefined ? {} : { signal }),
    });
    if (this.loads.has(number)) {
      this.sent.set(number, speakerSet);
      this.load(number, packed);
    }
    await answer;
  }

  /** Ends the processor; the node cannot be used again. */
  close(): void {
    this.send({ type: 'close' });
    this.node.disconnect();
    this.finish(new InputError('the separator is closed'));
  }

  private receive(message: MessageFromProcessor): void {
    if (message.type === 'unused') return;
    const { number, error } = message;
    if (error === null) {
      this.speakerSet = this.sent.get(number) ?? this.speakerSet;
      this.loads.resolve(number, undefined);
    } else this.loads.reject(number, errorOf(error));
    // Ports keep the order, so an earlier one that is not answered by now has been lost.
    for (const earlier of this.sent.keys()) if (earlier <= number) this.sent.delete(earlier);
  }

  /** Rejects all pending loads. */
  private finish(error: Error): void {
    this.end ??= error;
    this.sent.clear();
    this.loads.rejectAll(error);
  }

  private load(number: number, speakerSet: PackedSpeakerSet): void {
    const { buffer } = speakerSet.image;
    this.send({ type: 'load', number, speakerSet }, buffer instanceof ArrayBuffer ? [buffer] : []);
  }

  private send(message: MessageToProcessor, transferred: Transferable[] = []): void {
    this.node.port.postMessage(message, transferred);
  }
}

function speakerSetOf(context: BaseAudioContext, speakers: SeparatorSpeakers, maximumSpeakers: number): SpeakerSet {
  const { presets, adaptation, latency = 'monitor' } = speakers;
  requireInteger('number of presets', presets.length, 1, maximumSpeakers);
  const speakerSet = sampleSpeakerSet(presets, planStft({ sampleRateHertz: context.sampleRate, latency }));
  return adaptation === undefined ? speakerSet : adaptSpeakerSet(speakerSet, adaptation);
}
