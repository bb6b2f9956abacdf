import { useState } from 'preact/hooks';
import type { LiveState } from '../../host/protocol/LiveState.ts';
import type { VoiceSearchState } from '../../host/protocol/voiceSearch.ts';
import { useSend } from '../model/PanelContext.ts';

const COUNTS = [2, 3, 4, 5, 6] as const;
const PRIVACY = 'Nothing is stored unless you keep a voice.';

/** Starts the search for voices while no voice is loaded, and shows what it has heard. */
export function VoiceSearch({ state }: { readonly state: LiveState }) {
  const { voiceSearch, settings } = state;
  if (voiceSearch.phase !== 'off') return <RunningSearch search={voiceSearch} />;
  return settings.speakers.length === 0 ? <NoSpeakers problem={voiceSearch.problem} /> : null;
}

function NoSpeakers({ problem }: { readonly problem: string | null }) {
  const send = useSend();
  const [count, setCount] = useState('');
  return (
    <div class="voice-search">
      <p>
        No speakers loaded: the input plays unchanged. Add a speaker here, enrol a new voice in the side panel, or let
        the voices be found while people talk. {PRIVACY}
      </p>
      {problem === null ? null : <p role="alert">{problem}</p>}
      <div class="row">
        <button
          type="button"
          class="button"
          onClick={() => send({ type: 'startVoiceSearch', voices: count === '' ? null : Number(count) })}
        >
          Find voices
        </button>
        <select
          aria-label="Number of people"
          title="Voices are found more reliably if you say how many people talk"
          value={count}
          onChange={(event) => setCount(event.currentTarget.value)}
        >
          <option value="">How many people?</option>
          {COUNTS.map((each) => (
            <option key={each} value={each}>
              {each} people
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

function RunningSearch({ search }: { readonly search: VoiceSearchState }) {
  const send = useSend();
  return (
    <div class="voice-search">
      <p role="status">{heardText(search)}</p>
      <p>{PRIVACY}</p>
      {search.problem === null ? null : <p role="alert">{search.problem}</p>}
      <div class="row">
        <button type="button" class="button" onClick={() => send({ type: 'stopVoiceSearch' })}>
          Stop listening
        </button>
      </div>
    </div>
  );
}

function heardText({ speechSeconds, voices, learning }: VoiceSearchState): string {
  const count = voices.length === 0 ? 'no voice' : voices.length === 1 ? '1 voice' : `${voices.length} voices`;
  const learnt = learning === null ? '' : ` Learning voice ${learning}.`;
  return `Listening: heard ${Math.round(speechSeconds)} s of speech, ${count} so far.${learnt}`;
}
