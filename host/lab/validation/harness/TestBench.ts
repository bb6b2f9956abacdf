import type { Samples } from '../../../../engine/core/units.ts';
import { FencedBuffer } from './FencedBuffer.ts';
import type { Plugin } from './Plugin.ts';
import { Violation } from './Violation.ts';

/** All outputs of a run, as long as its input. */
export interface Outputs {
  readonly speakers: readonly Float32Array[];
  readonly rest: Float32Array;
  readonly dry: Float32Array;
}

export const LARGEST_BLOCK_SAMPLES: Samples = 8192;
/** Smallest normal number in single precision. Arithmetic on smaller (denormal) ones is many times slower. */
const SMALLEST_NORMAL = 2 ** -126;

/** Runs plugins as a strict host does, with fenced buffers, and checks every output sample. */
export class TestBench {
  private readonly input = new FencedBuffer(LARGEST_BLOCK_SAMPLES);
  private readonly outputs: readonly FencedBuffer[];
  private readonly speakers: number;

  /** @param speakers number of output arrays; those beyond the plugin's speakers must become silent */
  constructor(speakers: number) {
    this.speakers = speakers;
    this.outputs = Array.from({ length: speakers + 2 }, () => new FencedBuffer(LARGEST_BLOCK_SAMPLES));
  }

  /**
   * @param nextBlock returns the size of the next block, 1 to 8192 samples
   * @param between called before each block; may change settings
   * @throws Violation of a property that holds for every block
   */
  run(
    plugin: Plugin,
    signal: Float32Array,
    nextBlock: () => Samples,
    between: (plugin: Plugin, position: Samples) => void = () => {},
  ): Outputs {
    const heard = this.outputs.map(() => new Float32Array(signal.length));
    for (let start = 0; start < signal.length; ) {
      const count = Math.min(nextBlock(), signal.length - start, LARGEST_BLOCK_SAMPLES);
      between(plugin, start);
      this.call(plugin, signal.subarray(start, start + count), heard, start);
      start += count;
    }
    return { speakers: heard.slice(0, this.speakers), rest: heard[this.speakers]!, dry: heard[this.speakers + 1]! };
  }

  private call(plugin: Plugin, block: Float32Array, heard: readonly Float32Array[], start: Samples): void {
    const count = block.length;
    const input = this.input.open(count);
    input.set(block);
    const outputs = this.outputs.map((buffer) => buffer.open(count));
    plugin.process(
      input,
      {
        speakers: outputs.slice(0, this.speakers),
        rest: outputs[this.speakers]!,
        dry: outputs[this.speakers + 1]!,
      },
      count,
    );
    if (!this.input.stands(count) || !block.every((sample, n) => Object.is(sample, input[n])))
      throw new Violation('input-untouched', `the input of the block of ${count} at sample ${start} was written to`);
    this.outputs.forEach((buffer, index) => {
      const where = () => `${this.nameOf(index)}, in the block of ${count} at sample ${start}`;
      if (!buffer.stands(count)) throw new Violation('fences', `samples were written beyond the end of ${where()}`);
      const output = outputs[index]!;
      for (let n = 0; n < count; n++) requireSound(output[n]!, where, n);
      heard[index]!.set(output.subarray(0, count), start);
    });
  }

  private nameOf(index: number): string {
    return ['rest', 'dry'][index - this.speakers] ?? `output of speaker ${index + 1}`;
  }
}

function requireSound(sample: number, where: () => string, n: Samples): void {
  if (!Number.isFinite(sample)) throw new Violation('finite', `${sample} at ${n} of ${where()}`);
  const level = Math.abs(sample);
  if (level > 0 && level < SMALLEST_NORMAL)
    throw new Violation('no-denormals', `the denormal number ${sample} at ${n} of ${where()}`);
}
