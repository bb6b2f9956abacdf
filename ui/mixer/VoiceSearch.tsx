import { useState } from 'preact/hooks';
import type { LiveState } from '../../host/protocol/LiveState.ts';
import type { VoiceSearchState } from '../../host/protocol/voiceSearch.ts';
import { useSend } from '../model/PanelContext.ts';
import { useTexts } from '../texts/useTexts.ts';

const COUNTS = [2, 3, 4, 5, 6] as const;

/** Starts the search for voices while no voice is loaded, and shows what it has heard. */
export function VoiceSearch({ state }: { readonly state: LiveState }) {
  const { voiceSearch, settings } = state;
  if (voiceSearch.phase !== 'off') return <RunningSearch search={voiceSearch} />;
  return settings.speakers.length === 0 ? <NoSpeakers problem={voiceSearch.problem} /> : null;
}

function NoSpeakers({ problem }: { readonly problem: string | null }) {
  const send = useSend();
  const texts = useTexts().mixer;
  const [count, setCount] = useState('');
  return (
    <div class="voice-search">
      <p>
        {texts.noSpeakers} {texts.privacy}
      </p>
      {problem === null ? null : <p role="alert">{problem}</p>}
      <div class="row">
        <button
          type="button"
          class="button"
          onClick={() => send({ type: 'startVoiceSearch', voices: count === '' ? null : Number(count) })}
        >
          {texts.findVoices}
        </button>
        <select
          aria-label={texts.personCount}
          title={texts.personCountHint}
          value={count}
          onChange={(event) => setCount(event.currentTarget.value)}
        >
          <option value="">{texts.howManyPeople}</option>
          {COUNTS.map((each) => (
            <option key={each} value={each}>
              {texts.people(each)}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

function RunningSearch({ search }: { readonly search: VoiceSearchState }) {
  const send = useSend();
  const texts = useTexts().mixer;
  const { speechSeconds, voices, learning } = search;
  const heard = texts.heard(Math.round(speechSeconds), voices.length);
  return (
    <div class="voice-search">
      <p role="status">{learning === null ? heard : `${heard} ${texts.learning(learning)}`}</p>
      <p>{texts.privacy}</p>
      {search.problem === null ? null : <p role="alert">{search.problem}</p>}
      <div class="row">
        <button type="button" class="button" onClick={() => send({ type: 'stopVoiceSearch' })}>
          {texts.stopListening}
        </button>
      </div>
    </div>
  );
}
