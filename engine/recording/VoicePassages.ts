import type { Hertz, Samples, Seconds } from '../core/units.ts';
import type { VoiceSegment } from '../diarization/segments.ts';

/** Speech taken of each voice, more than is learnt from because it has pauses. */
const TAKEN_SECONDS: Seconds = 80;

interface Passage {
  readonly voice: number;
  readonly start: Samples;
  readonly samples: Float32Array;
}

/** Cuts out of a recording what voices are learnt from: the longest segments of each. */
export class VoicePassages {
  private readonly voices: number;
  private readonly passages: readonly Passage[];
  private position: Samples = 0;

  /** @param solo [voices] segments in which each voice speaks alone, in the order of time */
  constructor(solo: readonly (readonly VoiceSegment[])[], sampleRateHertz: Hertz) {
    this.voices = solo.length;
    this.passages = solo
      .flatMap((segments) => longest(segments))
      .map(({ voice, startSeconds, endSeconds }) => {
        const start: Samples = Math.round(startSeconds * sampleRateHertz);
        return { voice, start, samples: new Float32Array(Math.round(endSeconds * sampleRateHertz) - start) };
      });
  }

  /** @param block the next samples of the recording */
  add(block: Float32Array): void {
    for (const { start, samples } of this.passages) {
      const from = Math.max(0, start - this.position);
      const to = Math.min(block.length, start + samples.length - this.position);
      if (from < to) samples.set(block.subarray(from, to), this.position + from - start);
    }
    this.position += block.length;
  }

  /** @returns [voices] the samples of each segment */
  cut(): Float32Array[][] {
    const byVoice: Float32Array[][] = Array.from({ length: this.voices }, () => []);
    for (const { voice, samples } of this.passages) byVoice[voice]!.push(samples);
    return byVoice;
  }
}

/** @returns the longest segments, `TAKEN_SECONDS` together, in the order of time */
function longest(segments: readonly VoiceSegment[]): VoiceSegment[] {
  const seconds = ({ startSeconds, endSeconds }: VoiceSegment) => endSeconds - startSeconds;
  let taken = 0;
  return [...segments]
    .sort((one, other) => seconds(other) - seconds(one))
    .filter((segment) => {
      const isTaken = taken < TAKEN_SECONDS;
      taken += seconds(segment);
      return isTaken;
    })
    .sort((one, other) => one.startSeconds - other.startSeconds);
}
