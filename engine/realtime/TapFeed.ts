import { MAXIMUM_OUTPUTS } from '../core/limits.ts';
import type { SampleRing } from '../core/SampleRing.ts';
import type { Samples } from '../core/units.ts';
import type { TapMarks } from './TapMarks.ts';
import { TAP_CHANNELS, TAP_FIRST_SPEAKER, TAP_MAIN, TAP_MARK, TAP_MIXTURE, TAP_REST } from './tapChannels.ts';

/** Outputs of a separator that are tapped: [outputs][count] speakers, and [count] dry signal. */
interface TappedOutputs {
  readonly speakers: readonly Float32Array[];
  readonly dry: Float32Array;
}

/** A full tap is filled again when this share of it is free, so that frames are missing in one piece and not here and there. */
const RESUMING_SHARE = 1 / 8;

/**
 * The engine's end of the recording tap: writes frames, and the marks that state which voices they hold.
 * @thread audio. Only the constructor allocates.
 */
export class TapFeed {
  private readonly ring: SampleRing;
  private readonly marks: TapMarks;
  private readonly frames: Float32Array;
  /** Latest mark. */
  private latest = 0;
  private readonly state = { voices: new Int32Array(MAXIMUM_OUTPUTS), latencySamples: 0, droppedSamples: 0 };
  private isFull = false;

  /**
   * @param ring [TAP_CHANNELS]
   * @param blockSamples most frames of a block
   */
  constructor(ring: SampleRing, marks: TapMarks, blockSamples: Samples) {
    this.ring = ring;
    this.marks = marks;
    this.frames = new Float32Array(blockSamples * TAP_CHANNELS);
    this.marks.write(this.latest, this.state);
  }

  /** @param voices [MAXIMUM_OUTPUTS] voice that is heard on each output from the next sample on; 0: none */
  setVoices(voices: Int32Array, latencySamples: Samples): void {
    const { state } = this;
    let isChanged = latencySamples !== state.latencySamples;
    for (let output = 0; output < MAXIMUM_OUTPUTS; output++) {
      isChanged ||= state.voices[output] !== voices[output];
      state.voices[output] = voices[output]!;
    }
    state.latencySamples = latencySamples;
    if (isChanged) this.addMark();
  }

  /** To be called before the samples of a block are marked. */
  startBlock(): void {
    const { ring } = this;
    if (!this.isFull || ring.writable < RESUMING_SHARE * ring.capacitySamples) return;
    this.isFull = false;
    this.addMark();
  }

  /** Marks samples of a block with the voices that `setVoices` stated last. */
  mark(first: Samples, count: Samples): void {
    for (let n = first; n < first + count; n++) this.frames[n * TAP_CHANNELS + TAP_MARK] = this.latest;
  }

  /**
   * Writes a block that has been marked.
   * @param main [count] main output
   * @returns frames that did not fit
   */
  write({ speakers, dry }: TappedOutputs, main: Float32Array, count: Samples): Samples {
    const { frames } = this;
    for (let n = 0; n < count; n++) {
      const frame = n * TAP_CHANNELS;
      let rest = dry[n]!;
      frames[frame + TAP_MIXTURE] = rest;
      for (let output = 0; output < MAXIMUM_OUTPUTS; output++) {
        const sample = speakers[output]![n]!;
        frames[frame + TAP_FIRST_SPEAKER + output] = sample;
        rest -= sample;
      }
      frames[frame + TAP_REST] = rest;
      frames[frame + TAP_MAIN] = main[n]!;
    }
    const written = this.isFull ? 0 : this.ring.write(frames, 0, count);
    if (written < count) this.isFull = true;
    this.state.droppedSamples += count - written;
    return count - written;
  }

  private addMark(): void {
    this.marks.write(++this.latest, this.state);
  }
}
