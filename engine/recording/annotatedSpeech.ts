import { InputError } from '../core/errors.ts';
import type { Seconds } from '../core/units.ts';
import { type CorrectedSegment, soloPassages } from '../diarization/soloPassages.ts';
import type { PresetName } from '../model/PresetName.ts';
import type { FoundVoices } from './foundVoices.ts';

/** Who speaks when in a recording, as a separation reads it. */
export interface AnnotatedSpeech {
  /** Duration of the recording. */
  readonly seconds: Seconds;
  /** [voices] */
  readonly names: readonly PresetName[];
  /** By start time. */
  readonly segments: readonly CorrectedSegment[];
  /** [blocks of `BLOCK_SECONDS`] probability that several voices speak; null: not known */
  readonly overlap: Float32Array | null;
}

/**
 * The speech that voices are learnt from.
 * @returns the segments, and where each voice is alone
 * @throws InputError if a voice has no segments, so that nothing can be learnt of it
 */
export function learnableSpeech({
  seconds,
  names,
  segments,
  overlap,
}: AnnotatedSpeech): Pick<FoundVoices, 'segments' | 'solo'> {
  const silent = names.find((_, voice) => !segments.some((segment) => segment.voice === voice));
  if (silent !== undefined) {
    throw new InputError(`"${silent}" has no segments: add one, or merge it with another voice`);
  }
  return { segments, solo: soloPassages(segments, names.length, seconds, overlap) };
}
