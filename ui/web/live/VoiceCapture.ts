import type { Hertz, Seconds } from '../../../engine/core/units.ts';
import { closeMicrophone, openMicrophone } from './microphone.ts';

/** More is not learnt from. */
const LONGEST_SECONDS: Seconds = 120;

export interface CapturedVoice {
  /** One channel. */
  readonly samples: Float32Array<ArrayBuffer>;
  readonly sampleRateHertz: Hertz;
}

/** Records the microphone, to learn a voice from it. What is recorded is held in memory only. */
export class VoiceCapture {
  private readonly context: AudioContext;
  private readonly media: MediaStream;
  private readonly blocks: Float32Array[] = [];
  private samples = 0;

  private constructor(context: AudioContext, media: MediaStream) {
    this.context = context;
    this.media = media;
  }

  /** @param onSeconds called with the duration so far @throws InputError as openMicrophone; what loading the processor throws */
  static async start(onSeconds: (seconds: Seconds) => void): Promise<VoiceCapture> {
    const media = await openMicrophone();
    const context = new AudioContext();
    const capture = new VoiceCapture(context, media);
    try {
      await context.audioWorklet.addModule('./capture-processor.js');
      const node = new AudioWorkletNode(context, 'unmingle-capture', { numberOfOutputs: 0 });
      node.port.onmessage = ({ data }: MessageEvent<Float32Array>) => capture.add(data, onSeconds);
      context.createMediaStreamSource(media).connect(node);
      await context.resume();
      return capture;
    } catch (error) {
      await capture.close();
      throw error;
    }
  }

  /** Ends the recording. */
  async stop(): Promise<CapturedVoice> {
    await this.close();
    const samples = new Float32Array(this.samples);
    let end = 0;
    for (const block of this.blocks) {
      samples.set(block, end);
      end += block.length;
    }
    return { samples, sampleRateHertz: this.context.sampleRate };
  }

  /** Ends the recording and discards it. */
  async close(): Promise<void> {
    closeMicrophone(this.media);
    if (this.context.state !== 'closed') await this.context.close();
  }

  private add(block: Float32Array, onSeconds: (seconds: Seconds) => void): void {
    const { sampleRate } = this.context;
    if (this.samples >= LONGEST_SECONDS * sampleRate) return;
    this.blocks.push(block);
    this.samples += block.length;
    onSeconds(this.samples / sampleRate);
  }
}
