import type { LiveState } from '../protocol/LiveState.ts';
import type { SearchedVoice, VoiceSearchState } from '../protocol/voiceSearch.ts';

/** Printed when the search starts. */
export const SEARCH_NOTICE =
  'listening for voices: sound and voices are in memory only and are forgotten when the session ends; Keep in the panel adds a voice to your presets';

/** @returns what the search has heard so far, for the status line; null if it is off */
export function voiceSearchText({ voiceSearch }: LiveState): string | null {
  const { phase, speechSeconds, voices, learning } = voiceSearch;
  if (phase === 'off') return null;
  const count = `${voices.length} ${voices.length === 1 ? 'voice' : 'voices'}`;
  return `heard ${speechSeconds.toFixed(0)} s of speech, ${count}${learning === null ? '' : `, learning voice ${learning}`}`;
}

/** @returns one line for the user about each voice that was learnt or recognised meanwhile, and about a new problem */
export function voiceSearchChanges(before: VoiceSearchState, after: VoiceSearchState): string[] {
  const lines = after.voices.flatMap((voice) => {
    const earlier = before.voices.find(({ number }) => number === voice.number);
    return changeOf(earlier ?? null, voice) ?? [];
  });
  return after.problem === null || after.problem === before.problem ? lines : [...lines, after.problem];
}

function changeOf(before: SearchedVoice | null, { phase, name, learntSeconds }: SearchedVoice): string | null {
  if (phase === 'known') return before?.phase === 'known' ? null : `${name}: recognised`;
  if (phase === 'kept') return before?.phase === 'kept' ? null : `${name}: kept in your presets`;
  if (phase !== 'learnt' || learntSeconds === 0 || learntSeconds === before?.learntSeconds) return null;
  const what = before?.phase === 'learnt' ? 'learnt again' : 'found, and learnt';
  return `${name}: ${what} from ${learntSeconds.toFixed(0)} s alone`;
}
