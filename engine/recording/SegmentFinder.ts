import type { CorrectedSegment } from '../diarization/soloPassages.ts';
import { READING_PART, type RecordingSpeech, voicesIn } from './foundVoices.ts';
import { type KnownVoice, type NamedVoices, nameVoices } from './namedVoices.ts';

/** Who speaks when in the open recording: the result of a search for its voices. */
export interface FoundSegments {
  readonly voices: NamedVoices;
  /** False if two of the voices sound so similar that they may be one person. */
  readonly areDistinct: boolean;
  /** By start time. */
  readonly segments: readonly CorrectedSegment[];
  /** [blocks of `BLOCK_SECONDS`] probability that several voices speak */
  readonly overlap: Float32Array;
}

/** A recording that is searched. */
export interface SearchedRecording<Key> {
  /** Identifies the recording. */
  readonly key: Key;
  /** @param onProgress called with a fraction, 0 to 1 */
  readonly readSpeech: (onProgress: (fraction: number) => void) => Promise<RecordingSpeech>;
  /** Reads whose voices are recognised. */
  readonly readKnown: () => Promise<readonly KnownVoice[]>;
}

/**
 * Finds who speaks when in the open recording. The speech of the latest recording is kept, so that another number of voices is found without
 * reading it again.
 */
export class SegmentFinder<Key extends string | number> {
  private latest: { readonly key: Key; readonly speech: RecordingSpeech } | null = null;

  /**
   * @param voices number of voices; null: as many as are found
   * @param onProgress called with a fraction, 0 to 1
   * @throws InputError as `voicesIn`, and the errors of reading
   */
  async find(
    { key, readSpeech, readKnown }: SearchedRecording<Key>,
    voices: number | null,
    onProgress: (fraction: number) => void,
  ): Promise<FoundSegments> {
    if (this.latest?.key !== key) {
      this.latest = { key, speech: await readSpeech((fraction) => onProgress(READING_PART * fraction)) };
    }
    const { speech } = this.latest;
    onProgress(READING_PART);
    const { vectors, areDistinct, segments, certainties } = voicesIn(speech, { count: voices, least: 1 });
    return {
      voices: nameVoices(vectors, await readKnown()),
      areDistinct,
      segments: segments.map((segment, index) => ({ ...segment, certainty: certainties[index]! })),
      overlap: Float32Array.from(speech.blocks, ({ overlap }) => overlap),
    };
  }
}
