/** The parts of AudioWorkletGlobalScope used here; TypeScript's DOM library does not declare them. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: typeof CaptureProcessor): void;

/** Sent at once: 85 ms at 48 kHz. */
const BLOCK_SAMPLES = 4096;

/** Sends the mean of its input's channels to the page, in blocks. @thread audio. Allocates once a block, for its message. */
class CaptureProcessor extends AudioWorkletProcessor {
  private block = new Float32Array(BLOCK_SAMPLES);
  private filled = 0;

  process([channels = []]: readonly (readonly Float32Array[])[]): boolean {
    const length = channels[0]?.length ?? 0;
    for (let n = 0; n < length; n++) {
      let sum = 0;
      for (const channel of channels) sum += channel[n]!;
      this.block[this.filled++] = sum / channels.length;
      if (this.filled === BLOCK_SAMPLES) this.send();
    }
    return true;
  }

  private send(): void {
    this.port.postMessage(this.block, [this.block.buffer]);
    this.block = new Float32Array(BLOCK_SAMPLES);
    this.filled = 0;
  }
}

registerProcessor('unmingle-capture', CaptureProcessor);
