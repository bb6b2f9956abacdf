import { type ErrorRecord, recordError } from '../core/errorRecord.ts';
import { PARAMETERS, type SeparatorParameters } from '../separator/parameters.ts';
import { LIVE_RESERVED_BYTES, Separator } from '../separator/Separator.ts';
import {
  type MessageFromProcessor,
  type MessageToProcessor,
  PROCESSOR_NAME,
  type ProcessorStart,
} from './workletMessages.ts';

/** The parts of AudioWorkletGlobalScope used here; TypeScript's DOM library does not declare them. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: typeof SeparatorProcessor): void;

type Channels = readonly Float32Array[];

const NAMES = Object.keys(PARAMETERS) as (keyof SeparatorParameters)[];

const NO_CHANNELS: Channels = [];

/** The audio-thread half of `SeparatorNode`. @thread audio. Allocates only when a speaker set is loaded or a parameter changes. */
class SeparatorProcessor extends AudioWorkletProcessor {
  private readonly separator: Separator;
  private readonly speakers: Float32Array[];
  private readonly outputs: { readonly speakers: Float32Array[]; rest: Float32Array };
  private readonly parameters: Record<keyof SeparatorParameters, number>;
  private mono = new Float32Array(128);
  private isClosed = false;
  /** Images that the separator may still copy from. */
  private images: ArrayBufferLike[] = [];

  static get parameterDescriptors() {
    return NAMES.map((name) => {
      const { minimum: minValue, maximum: maxValue, default: defaultValue } = PARAMETERS[name];
      return { name, minValue, maxValue, defaultValue, automationRate: 'k-rate' };
    });
  }

  constructor({ processorOptions }: { readonly processorOptions: ProcessorStart }) {
    super();
    const { speakerSet, maximumSpeakers, variant } = processorOptions;
    this.separator = new Separator(speakerSet, {
      reservedBytes: LIVE_RESERVED_BYTES,
      ...(variant === null ? {} : { variant }),
    });
    this.speakers = Array.from({ length: maximumSpeakers }, () => this.mono);
    this.outputs = { speakers: this.speakers, rest: this.mono };
    this.parameters = Object.fromEntries(
      NAMES.map((name) => [name, PARAMETERS[name].default]),
    ) as typeof this.parameters;
    this.port.onmessage = ({ data }: MessageEvent<MessageToProcessor>) => this.handle(data);
  }

  /** @returns whether the node is still in use */
  process(inputs: readonly Channels[], outputs: readonly Channels[], values: Record<string, Float32Array>): boolean {
    if (this.isClosed) return false;
    const rest = outputs[this.speakers.length]?.[0];
    if (rest === undefined) return true;
    for (let s = 0; s < this.speakers.length; s++) this.speakers[s] = outputs[s]?.[0] ?? rest;
    this.outputs.rest = rest;
    this.mix(inputs[0] ?? NO_CHANNELS, rest.length);
    this.applyParameters(values);
    this.separator.process(this.mono, this.outputs, rest.length);
    if (this.images.length > 0 && !this.separator.isLoading) this.returnImages();
    return true;
  }

  /** Posts the images back: an allocation of a few bytes, once for each swap. */
  private returnImages(): void {
    for (const buffer of this.images) {
      const transferred = buffer instanceof ArrayBuffer ? [buffer] : [];
      this.port.postMessage({ type: 'unused', buffer } satisfies MessageFromProcessor, transferred);
    }
    this.images = [];
  }

  /** Writes the mean of the input's channels to `mono`; silence if nothing is connected. */
  private mix(channels: Channels, length: number): void {
    if (this.mono.length !== length) this.mono = new Float32Array(length);
    const { mono } = this;
    const first = channels[0];
    if (first === undefined) mono.fill(0);
    else if (channels.length === 1) mono.set(first);
    else average(channels, mono);
  }

  private applyParameters(values: Record<string, Float32Array>): void {
    let hasChanged = false;
    for (const name of NAMES) {
      // A k-rate parameter has one value a block.
      const exact = values[name]?.[0] ?? this.parameters[name];
      const value = name === 'iterations' ? Math.round(exact) : exact;
      if (value === this.parameters[name]) continue;
      this.parameters[name] = value;
      hasChanged = true;
    }
    if (hasChanged) this.separator.setParameters(this.parameters);
  }

  private handle(message: MessageToProcessor): void {
    if (message.type === 'close') {
      this.isClosed = true;
      return;
    }
    const { number, speakerSet } = message;
    const answer = (error: ErrorRecord | null): void =>
      this.port.postMessage({ type: 'loaded', number, error } satisfies MessageFromProcessor);
    try {
      this.separator.swapTemplates(speakerSet);
      this.images.push(speakerSet.image.buffer);
      answer(null);
    } catch (error) {
      answer(recordError(error));
    }
  }
}

/** Writes the mean of the channels, at least one. @param mean [length of each channel] overwritten */
function average(channels: Channels, mean: Float32Array): void {
  for (let n = 0; n < mean.length; n++) {
    let sum = 0;
    for (let c = 0; c < channels.length; c++) sum += channels[c]?.[n] ?? 0;
    mean[n] = sum / channels.length;
  }
}

registerProcessor(PROCESSOR_NAME, SeparatorProcessor);
