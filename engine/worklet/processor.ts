import { type ErrorRecord, recordError } from '../core/errorRecord.ts';
import { PARAMETERS, type SeparatorParameters } from '../separator/parameters.ts';
import { Separator } from '../separator/Separator.ts';
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

/** The audio-thread half of `SeparatorNode`. @thread audio. Allocates only when a speaker set is loaded or a parameter changes. */
class SeparatorProcessor extends AudioWorkletProcessor {
  private readonly separator: Separator;
  private readonly speakers: Float32Array[];
  private readonly outputs: { readonly speakers: Float32Array[]; rest: Float32Array };
  private readonly parameters: Record<keyof SeparatorParameters, number>;
  private mono = new Float32Array(128);
  private isClosed = false;

  static get parameterDescriptors() {
    return NAMES.map((name) => {
      const { minimum: minValue, maximum: maxValue, default: defaultValue } = PARAMETERS[name];
      return { name, minValue, maxValue, defaultValue, automationRate: 'k-rate' };
    });
  }

  constructor({ processorOptions }: { readonly processorOptions: ProcessorStart }) {
    super();
    const { speakerSet, maximumSpeakers, variant } = processorOptions;
    this.separator = new Separator(speakerSet, variant === null ? {} : { variant });
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
    const rest = outputs[this.speakers.length]![0]!;
    const { length } = rest;
    for (let s = 0; s < this.speakers.length; s++) this.speakers[s] = outputs[s]![0]!;
    this.outputs.rest = rest;
    this.mix(inputs[0] ?? [], length);
    this.applyParameters(values);
    this.separator.process(this.mono, this.outputs, length);
    return true;
  }

  /** Writes the mean of the input's channels to `mono`; silence if nothing is connected. */
  private mix(channels: Channels, length: number): void {
    if (this.mono.length !== length) this.mono = new Float32Array(length);
    const { mono } = this;
    if (channels.length === 1) {
      mono.set(channels[0]!);
      return;
    }
    for (let n = 0; n < length; n++) {
      let sum = 0;
      for (let c = 0; c < channels.length; c++) sum += channels[c]![n]!;
      mono[n] = channels.length === 0 ? 0 : sum / channels.length;
    }
  }

  private applyParameters(values: Record<string, Float32Array>): void {
    let hasChanged = false;
    for (let p = 0; p < NAMES.length; p++) {
      const name = NAMES[p]!;
      const exact = values[name]![0]!;
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
      this.port.postMessage({ number, error } satisfies MessageFromProcessor);
    try {
      this.separator.swapTemplates(speakerSet);
      answer(null);
    } catch (error) {
      answer(recordError(error));
    }
  }
}

registerProcessor(PROCESSOR_NAME, SeparatorProcessor);
