import { useState } from 'preact/hooks';
import { Icon } from '../controls/Icon.tsx';

interface StartEnrolmentProps {
  /** Whether the demo is playing instead of a microphone. */
  readonly isDemo: boolean;
  readonly onMicrophone: () => void;
  readonly onStart: (name: string, source: 'microphone' | 'files') => void;
}

/** Form that starts an enrolment: a name, and whether to record or to use files. */
export function StartEnrolment({ isDemo, onMicrophone, onStart }: StartEnrolmentProps) {
  const [name, setName] = useState('');
  const isNamed = name.trim() !== '';
  return (
    <div class="start-enrolment">
      <h2>New voice</h2>
      <p class="dim">
        Record 20 to 60 seconds of one person speaking alone, in the same room and with the same microphone. Separation
        continues meanwhile.
      </p>
      <label class="field">
        <span>Name</span>
        <input
          type="text"
          maxLength={64}
          spellcheck={false}
          autocomplete="off"
          placeholder="Ann"
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
          <Icon name="microphone" /> Record voice
        </button>
        <button type="button" class="button" disabled={!isNamed} onClick={() => onStart(name.trim(), 'files')}>
          <Icon name="upload" /> From files
        </button>
      </div>
      {isDemo ? (
        <p class="dim">
          The demo is playing, so there is no microphone to record.{' '}
          <button type="button" class="button" onClick={onMicrophone}>
            Use the microphone
          </button>
        </p>
      ) : null}
    </div>
  );
}
