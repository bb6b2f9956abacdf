import { InputError } from '../core/errors.ts';
import type { Seconds } from '../core/units.ts';
import { namedPreset } from '../model/namedPreset.ts';
import type { PresetName } from '../model/PresetName.ts';
import { type Annotation, type AnnotationEdit, editedAnnotation, isSameSpeech, speakingSeconds } from './annotation.ts';
import { type AnnotationHistory, NO_HISTORY, recorded, redone, undone } from './annotationHistory.ts';
import type { ImportedRecording } from './ImportedRecording.ts';
import type { LearntVoice } from './learnTwice.ts';
import type { OpenRecording, RecordingPhase } from './OpenRecording.ts';

/** What a separation makes, besides its tracks. */
export interface SeparatedVoices {
  /** [voices] */
  readonly learnt: readonly LearntVoice[];
  /** One line each for the user. */
  readonly remarks: readonly string[];
}

/** A separation, and the annotation that it is of. */
export type Separation<Separated extends SeparatedVoices> = Separated & {
  readonly revision: number;
  readonly annotation: Annotation;
};

/** What a search for voices has found. */
export interface FoundSpeech {
  readonly annotation: Annotation;
  /** [blocks] probability that several voices speak */
  readonly overlap: Float32Array;
  readonly remarks: readonly string[];
}

/** Everything about the open recording, with tracks as `Separated` holds them. Values are never modified in place. */
export interface OpenedRecording<Separated extends SeparatedVoices> {
  readonly id: number;
  readonly name: string;
  /** null: it is being imported, or that has failed. */
  readonly imported: ImportedRecording | null;
  readonly phase: RecordingPhase;
  readonly progress: number;
  readonly detail: string | null;
  readonly problem: string | null;
  readonly history: AnnotationHistory;
  readonly segmentsRevision: number;
  /** Of the latest search; null: there has been none. */
  readonly found: Omit<FoundSpeech, 'annotation'> | null;
  /** The latest one; null: there has been none. */
  readonly separation: Separation<Separated> | null;
}

export type RecordingEvent<Separated extends SeparatedVoices> =
  | { readonly type: 'started'; readonly phase: 'finding' | 'separating' }
  | { readonly type: 'progressed'; readonly fraction: number; readonly detail: string | null }
  | { readonly type: 'imported'; readonly imported: ImportedRecording }
  | { readonly type: 'found'; readonly speech: FoundSpeech }
  | { readonly type: 'separated'; readonly separation: Separation<Separated> }
  /** The present work has been stopped. */
  | { readonly type: 'cancelled' }
  /** The present work has failed. */
  | { readonly type: 'failed'; readonly problem: string }
  | { readonly type: 'edited'; readonly edit: AnnotationEdit; readonly newId: () => number }
  | { readonly type: 'undone' }
  | { readonly type: 'redone' };

/** A recording whose import begins. */
export function openedRecording<Separated extends SeparatedVoices>(
  id: number,
  name: string,
): OpenedRecording<Separated> {
  return {
    id,
    name,
    imported: null,
    phase: 'importing',
    progress: 0,
    detail: null,
    problem: null,
    history: NO_HISTORY,
    segmentsRevision: 0,
    found: null,
    separation: null,
  };
}

const IDLE = { phase: 'ready', progress: 0, detail: null } as const;

/**
 * The state machine of the open recording; the diagram is in ARCHITECTURE.md.
 * @returns the next state; `state` itself if the event does not fit its phase
 * @throws InputError for an edit that does not fit the annotation
 */
export function nextRecording<Separated extends SeparatedVoices>(
  state: OpenedRecording<Separated>,
  event: RecordingEvent<Separated>,
): OpenedRecording<Separated> {
  const { phase, imported, history } = state;
  switch (event.type) {
    case 'started':
      if (phase !== 'ready' || imported === null) return state;
      return { ...state, phase: event.phase, progress: 0, detail: null, problem: null };
    case 'progressed':
      return phase === 'ready' ? state : { ...state, progress: event.fraction, detail: event.detail };
    case 'imported':
      return phase === 'importing' ? { ...state, ...IDLE, imported: event.imported } : state;
    case 'found': {
      if (phase !== 'finding') return state;
      const { annotation, ...found } = event.speech;
      return { ...withHistory(state, recorded(history, annotation)), ...IDLE, found };
    }
    case 'separated':
      return phase === 'separating' ? { ...state, ...IDLE, separation: event.separation } : state;
    case 'cancelled':
      return phase === 'finding' || phase === 'separating' ? { ...state, ...IDLE } : state;
    case 'failed':
      return phase === 'ready' ? state : { ...state, ...IDLE, problem: event.problem };
    case 'edited': {
      if (phase !== 'ready' || imported === null) return state;
      const edited = editedAnnotation(history.present, event.edit, secondsOf(imported), event.newId);
      return { ...withHistory(state, recorded(history, edited)), problem: null };
    }
    case 'undone':
    case 'redone': {
      const changed = event.type === 'undone' ? undone(history) : redone(history);
      if (phase !== 'ready' || changed === null) return state;
      return { ...withHistory(state, changed), problem: null };
    }
    default:
      throw new TypeError(`"${event satisfies never}" is not an event`);
  }
}

/** What users see of it. */
export function shownRecording(state: OpenedRecording<SeparatedVoices>): OpenRecording {
  const { id, name, imported, phase, progress, detail, problem, history, segmentsRevision, found, separation } = state;
  const { present, past, future } = history;
  const seconds = speakingSeconds(present);
  return {
    id,
    name,
    seconds: imported === null ? 0 : secondsOf(imported),
    sampleRateHertz: imported?.sampleRateHertz ?? 0,
    phase,
    progress,
    detail,
    problem,
    remarks: [...(imported?.remarks ?? []), ...(found?.remarks ?? []), ...(separation?.remarks ?? [])],
    voices: present.voices.map((voice, index) => ({ name: voice.name, speakingSeconds: seconds[index]! })),
    segmentsRevision,
    canUndo: past.length > 0,
    canRedo: future.length > 0,
    tracks: separation === null ? 'none' : isSameSpeech(separation.annotation, present) ? 'current' : 'outdated',
    tracksRevision: separation?.revision ?? 0,
  };
}

/** Duration of a recording. */
export function secondsOf({ samples, sampleRateHertz }: ImportedRecording): Seconds {
  return samples / sampleRateHertz;
}

/**
 * What was learnt of a present voice.
 * @param name of the preset; null: that of the voice
 * @throws InputError if there is no such voice, or nothing was learnt of it
 */
export function learntVoice(
  { history, separation }: OpenedRecording<SeparatedVoices>,
  voice: number,
  name: PresetName | null = null,
): LearntVoice {
  const { voices } = history.present;
  const present = voices[voice];
  if (present === undefined) {
    throw new InputError(`voice must be less than ${voices.length}, the number of voices, got ${voice}`);
  }
  const index = separation?.annotation.voices.findIndex(({ id }) => id === present.id) ?? -1;
  const learnt = separation?.learnt[index];
  if (learnt === undefined) {
    throw new InputError(`"${present.name}" has not been learnt: separate the recording first`);
  }
  return { ...learnt, presetText: namedPreset(learnt.presetText, name ?? present.name) };
}

function withHistory<Separated extends SeparatedVoices>(
  state: OpenedRecording<Separated>,
  history: AnnotationHistory,
): OpenedRecording<Separated> {
  const isChanged = history.present.segments !== state.history.present.segments;
  return { ...state, history, segmentsRevision: state.segmentsRevision + (isChanged ? 1 : 0) };
}
