import { MAXIMUM_OUTPUTS } from '../core/limits.ts';
import type { Samples } from '../core/units.ts';

const LATENCY = MAXIMUM_OUTPUTS;
const DROPPED = MAXIMUM_OUTPUTS + 1;
const ROW = MAXIMUM_OUTPUTS + 2;
/** More marks than the frames in a tap can have: a swap of speakers takes 100 ms, and a tap holds a few seconds. */
const ROWS = 64;

/** What holds for the frames of a tap with the same mark. */
export interface TapMark {
  /** [MAXIMUM_OUTPUTS] voice that is heard on each output; 0: none. */
  readonly voices: Int32Array;
  /** Delay of the frames behind the input. */
  readonly latencySamples: Samples;
  /** Frames that did not fit into the tap, up to here. */
  readonly droppedSamples: Samples;
}

/**
 * Table in shared memory of the latest marks of a tap. Its row is written before the first frame with a mark, and read after that frame
 * was read; the positions of the tap's ring order the two accesses. Marks count up from 0 and remain exact as Float32 in a channel of the tap.
 */
export class TapMarks {
  readonly buffer: SharedArrayBuffer;
  private readonly rows: Int32Array;

  /** @param buffer of another instance, whose table is shared @default a table of its own */
  constructor(buffer = new SharedArrayBuffer(ROWS * ROW * Int32Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.rows = new Int32Array(buffer);
  }

  /** @thread audio. Allocates nothing. */
  write(mark: number, { voices, latencySamples, droppedSamples }: TapMark): void {
    const row = (mark % ROWS) * ROW;
    for (let output = 0; output < MAXIMUM_OUTPUTS; output++) this.rows[row + output] = voices[output]!;
    this.rows[row + LATENCY] = latencySamples;
    this.rows[row + DROPPED] = droppedSamples;
  }

  /** @param mark of a frame that has just been read from the tap */
  read(mark: number): TapMark {
    const row = (mark % ROWS) * ROW;
    return {
      voices: this.rows.slice(row, row + MAXIMUM_OUTPUTS),
      latencySamples: this.rows[row + LATENCY]!,
      droppedSamples: this.rows[row + DROPPED]!,
    };
  }
}
