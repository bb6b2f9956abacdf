import { InputError } from '../core/errors.ts';
import type { Seconds } from '../core/units.ts';
import { MOST_VOICES } from '../diarization/diarize.ts';
import { audacityLabels } from '../diarization/segmentTexts.ts';
import type { CorrectedSegment } from '../diarization/soloPassages.ts';
import { isSameName, type PresetName } from '../model/PresetName.ts';

/** Someone who speaks in a recording. */
export interface AnnotatedVoice {
  /** Identifies the voice while others are added, merged or renamed. */
  readonly id: number;
  readonly name: PresetName;
}

export interface AnnotatedSegment extends CorrectedSegment {
  /** Stays the same while the segment is moved or assigned to another voice. */
  readonly id: number;
}

/** Who speaks when in a recording. Values are never modified in place. */
export interface Annotation {
  readonly voices: readonly AnnotatedVoice[];
  /** By start time. */
  readonly segments: readonly AnnotatedSegment[];
}

interface Interval {
  readonly startSeconds: Seconds;
  readonly endSeconds: Seconds;
}

/** A change of voices or segments; segments are named by their id, voices by their index. */
export type AnnotationEdit =
  | ({ readonly type: 'move'; readonly segment: number } & Interval)
  | { readonly type: 'assign'; readonly segment: number; readonly voice: number }
  | ({ readonly type: 'add'; readonly voice: number } & Interval)
  | { readonly type: 'remove'; readonly segment: number }
  | { readonly type: 'rename'; readonly voice: number; readonly name: PresetName }
  | { readonly type: 'addVoice'; readonly name: PresetName }
  /** The segments of `voice` become those of `into`. */
  | { readonly type: 'merge'; readonly voice: number; readonly into: number };

export const NO_ANNOTATION: Annotation = { voices: [], segments: [] };

/** Shorter than any word. */
const SHORTEST_SEGMENT_SECONDS: Seconds = 0.05;
/** Ten hours of alternation every two seconds. */
const MAXIMUM_SEGMENTS = 20_000;

/**
 * @param seconds duration of the recording
 * @param newId returns an id that no voice or segment of the recording has had
 * @throws InputError if voice, segment, time or name do not fit the annotation
 */
export function editedAnnotation(
  annotation: Annotation,
  edit: AnnotationEdit,
  seconds: Seconds,
  newId: () => number,
): Annotation {
  const { voices, segments } = annotation;
  switch (edit.type) {
    case 'move': {
      const interval = checkedInterval(edit, seconds);
      return withSegment(annotation, edit.segment, (segment) => ({ ...segment, ...interval, certainty: null }));
    }
    case 'assign':
      requireVoice(voices, edit.voice);
      return withSegment(annotation, edit.segment, (segment) => ({ ...segment, voice: edit.voice, certainty: null }));
    case 'add': {
      requireVoice(voices, edit.voice);
      if (segments.length >= MAXIMUM_SEGMENTS)
        throw new InputError(`a recording has at most ${MAXIMUM_SEGMENTS} segments`);
      const added = { id: newId(), voice: edit.voice, ...checkedInterval(edit, seconds), certainty: null };
      return { voices, segments: inOrder([...segments, added]) };
    }
    case 'remove':
      requireSegment(segments, edit.segment);
      return { voices, segments: segments.filter(({ id }) => id !== edit.segment) };
    case 'rename':
      requireVoice(voices, edit.voice);
      requireFree(voices, edit.name, edit.voice);
      return {
        segments,
        voices: voices.map((each, voice) => (voice === edit.voice ? { ...each, name: edit.name } : each)),
      };
    case 'addVoice':
      requireFree(voices, edit.name, null);
      if (voices.length >= MOST_VOICES) throw new InputError(`a recording has at most ${MOST_VOICES} voices`);
      return { segments, voices: [...voices, { id: newId(), name: edit.name }] };
    case 'merge':
      requireVoice(voices, edit.voice);
      requireVoice(voices, edit.into);
      if (edit.voice === edit.into)
        throw new InputError(`into: must be another voice than voice, got ${edit.into} for both`);
      return merged(annotation, edit.voice, edit.into);
    default:
      throw new TypeError(`"${edit satisfies never}" is not an edit`);
  }
}

/** Time for which each voice has segments. @returns [voices] */
export function speakingSeconds({ voices, segments }: Annotation): Seconds[] {
  const seconds = voices.map(() => 0);
  for (const { voice, startSeconds, endSeconds } of segments) seconds[voice]! += endSeconds - startSeconds;
  return seconds;
}

/** @returns the segments as the text of an Audacity label track: start and end in seconds, name */
export function annotationLabels({ voices, segments }: Annotation): string {
  return audacityLabels(
    segments,
    voices.map(({ name }) => name),
  );
}

/** Whether two annotations have the same segments and voices, whatever the voices are called. */
export function isSameSpeech(one: Annotation, other: Annotation): boolean {
  return (
    one.segments === other.segments &&
    one.voices.length === other.voices.length &&
    one.voices.every(({ id }, voice) => id === other.voices[voice]?.id)
  );
}

function merged({ voices, segments }: Annotation, from: number, into: number): Annotation {
  const kept = voices.filter((_, voice) => voice !== from);
  const renumbered = (voice: number) => {
    const target = voice === from ? into : voice;
    return target > from ? target - 1 : target;
  };
  return {
    voices: kept,
    segments: segments.map((segment) => ({
      ...segment,
      voice: renumbered(segment.voice),
      // The user states that it is the other voice.
      certainty: segment.voice === from ? null : segment.certainty,
    })),
  };
}

function withSegment(
  { voices, segments }: Annotation,
  id: number,
  change: (segment: AnnotatedSegment) => AnnotatedSegment,
): Annotation {
  requireSegment(segments, id);
  return { voices, segments: inOrder(segments.map((segment) => (segment.id === id ? change(segment) : segment))) };
}

function inOrder(segments: readonly AnnotatedSegment[]): AnnotatedSegment[] {
  return [...segments].sort((one, other) => one.startSeconds - other.startSeconds);
}

function requireSegment(segments: readonly AnnotatedSegment[], wanted: number): void {
  if (!segments.some(({ id }) => id === wanted)) throw new InputError(`segment ${wanted} does not exist any more`);
}

function requireVoice(voices: readonly AnnotatedVoice[], voice: number): void {
  if (voice >= voices.length) {
    throw new InputError(`voice must be less than ${voices.length}, the number of voices, got ${voice}`);
  }
}

function requireFree(voices: readonly AnnotatedVoice[], name: PresetName, except: number | null): void {
  const twin = voices.find((each, voice) => voice !== except && isSameName(each.name, name));
  if (twin !== undefined) throw new InputError(`name: another voice is called "${twin.name}"`);
}

function checkedInterval({ startSeconds, endSeconds }: Interval, seconds: Seconds): Interval {
  if (endSeconds > seconds) {
    throw new InputError(`endSeconds must be at most ${seconds}, the end of the recording, got ${endSeconds}`);
  }
  if (endSeconds - startSeconds < SHORTEST_SEGMENT_SECONDS) {
    throw new InputError(
      `endSeconds must be at least ${SHORTEST_SEGMENT_SECONDS} after startSeconds (${startSeconds}), got ${endSeconds}`,
    );
  }
  return { startSeconds, endSeconds };
}
