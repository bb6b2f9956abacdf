import { useState } from 'preact/hooks';
import { Icon } from '../controls/Icon.tsx';
import { useTexts } from '../texts/useTexts.ts';

interface StartEnrolmentProps {
  /** Whether the demo is playing instead of a microphone. */
  readonly isDemo: boolean;
  readonly onMicrophone: () => void;
  readonly onStart: (name: string, source: 'microphone' | 'files') => void;
}

/** Form that starts an enrolment: a name, and whether to record or to use files. */
export function StartEnrolment({ isDemo, onMicrophone, onStart }: StartEnrolmentProps) {
  const texts = useTexts().enrol;
  const [name, setName] = useState('');
  const isNamed = name.trim() !== '';
  return (
    <div class="start-enrolment">
      <h2>{texts.newVoice}</h2>
      <p class="dim">{texts.advice}</p>
      <label class="field">
        <span>{texts.name}</span>
        <input
          type="text"
          maxLength={64}
          spellcheck={false}
          autocomplete="off"
          placeholder={texts.exampleName}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <div class="buttons">
        <button
          type="button"
          class="button primary"
          disabled={!isNamed || isDemo}
          onClick={() => onStart(name.trim(), 'microphone')}
        >
          <Icon name="microphone" /> {texts.recordVoice}
        </button>
        <button type="button" class="button" disabled={!isNamed} onClick={() => onStart(name.trim(), 'files')}>
          <Icon name="upload" /> {texts.fromFiles}
        </button>
      </div>
      {isDemo ? (
        <p class="dim">
          {texts.demoIsPlaying}{' '}
          <button type="button" class="button" onClick={onMicrophone}>
            {texts.useMicrophone}
          </button>
        </p>
      ) : null}
    </div>
  );
}
