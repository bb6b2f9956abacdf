import type { Seconds } from '../../engine/core/units.ts';
import { isSameName } from '../../engine/model/PresetName.ts';
import { NO_VOICE_SEARCH, type SearchedVoice, type VoiceSearchState } from '../protocol/voiceSearch.ts';
import type { Findings } from './VoiceFinder.ts';

export type VoiceSearchEvent =
  | { readonly type: 'started'; readonly count: number | null }
  | { readonly type: 'heard'; readonly findings: Findings }
  /** A voice is that of a preset of the library, or of a loaded one. */
  | { readonly type: 'recognized'; readonly number: number; readonly name: string }
  | { readonly type: 'learning'; readonly number: number }
  | { readonly type: 'learnt'; readonly name: string; readonly seconds: Seconds; readonly beside: number }
  | { readonly type: 'failed'; readonly seconds: Seconds; readonly beside: number; readonly problem: string }
  /** A found preset has been added to the library. */
  | { readonly type: 'kept'; readonly preset: string; readonly name: string }
  | { readonly type: 'stopped'; readonly problem: string | null };

/** Speech alone from which a voice is learnt first, and then again. */
const LEARNT_FROM_SECONDS: readonly Seconds[] = [8, 20, 45];
/** A voice is learnt again if less of what it was learnt from is still its own: it was taken for another one. */
const LEAST_AGREEMENT = 0.6;

/** The search after an event; the only place where its state changes. Events that do not fit the state do not change it. */
export function nextVoiceSearch(state: VoiceSearchState, event: VoiceSearchEvent): VoiceSearchState {
  switch (event.type) {
    case 'started':
      return { ...NO_VOICE_SEARCH, phase: 'listening', count: event.count };
    case 'kept':
      return {
        ...state,
        voices: state.voices.map((voice) =>
          voice.name !== null && isSameName(voice.name, event.preset)
            ? { ...voice, phase: 'kept', name: event.name }
            : voice,
        ),
      };
    case 'stopped':
      return state.phase === 'off' ? state : { ...state, phase: 'off', learning: null, problem: event.problem };
    default:
      return state.phase === 'off' ? state : nextFound(state, event);
  }
}

/** @returns number of the voice to learn now; null: none */
export function voiceToLearn({ phase, voices }: VoiceSearchState): number | null {
  if (phase !== 'listening') return null;
  const due = voices.filter((voice) => isDue(voice, othersWithPreset(voices, voice.number)));
  // Voices without a strip first.
  const [next] = due.sort((one, other) => one.learntSeconds - other.learntSeconds);
  return next?.number ?? null;
}

/** @returns number of the voices that have a preset, other than `number` */
function othersWithPreset(voices: readonly SearchedVoice[], number: number): number {
  return voices.filter((voice) => voice.number !== number && voice.phase !== 'heard').length;
}

/** @param others number of other voices that have a preset */
function isDue({ phase, soloSeconds, learntSeconds, learntBeside }: SearchedVoice, others: number): boolean {
  if (phase === 'kept' || phase === 'known') return false;
  // Where others speak is known better from their templates: what was learnt without these may hold their speech.
  if (phase === 'learnt' && learntSeconds > 0 && learntBeside < others) return true;
  const next = LEARNT_FROM_SECONDS.find((seconds) => seconds > learntSeconds);
  return next !== undefined && soloSeconds >= next;
}

type SearchingEvent = Exclude<VoiceSearchEvent, { type: 'started' | 'kept' | 'stopped' }>;

function nextFound(state: VoiceSearchState, event: SearchingEvent): VoiceSearchState {
  const { learning } = state;
  switch (event.type) {
    case 'heard':
      return heard(state, event.findings);
    case 'recognized':
      return changed(state, event.number, { phase: 'known', name: event.name });
    case 'learning':
      return { ...state, phase: 'learning', learning: event.number };
    case 'learnt': {
      if (learning === null) return state;
      const learnt = changed(state, learning, {
        phase: 'learnt',
        name: event.name,
        learntSeconds: event.seconds,
        learntBeside: event.beside,
      });
      const isKept = state.voices.some(({ number, phase }) => number === learning && phase === 'kept');
      return { ...(isKept ? state : learnt), phase: 'listening', learning: null, problem: null };
    }
    case 'failed': {
      if (learning === null) return state;
      const failed = changed(state, learning, { learntSeconds: event.seconds, learntBeside: event.beside });
      return { ...failed, phase: 'listening', learning: null, problem: event.problem };
    }
  }
}

function heard(state: VoiceSearchState, { speechSeconds, voices }: Findings): VoiceSearchState {
  return {
    ...state,
    speechSeconds,
    voices: voices.map(({ number, soloSeconds, agreement }) => {
      const known = state.voices.find((voice) => voice.number === number);
      if (known === undefined) {
        return { number, phase: 'heard' as const, name: null, soloSeconds, learntSeconds: 0, learntBeside: 0 };
      }
      const isChanged = agreement < LEAST_AGREEMENT && state.learning !== number;
      return { ...known, soloSeconds, learntSeconds: isChanged ? 0 : known.learntSeconds };
    }),
  };
}

function changed(state: VoiceSearchState, number: number, changes: Partial<SearchedVoice>): VoiceSearchState {
  return {
    ...state,
    voices: state.voices.map((voice) => (voice.number === number ? { ...voice, ...changes } : voice)),
  };
}
