import { useState } from 'preact/hooks';
import { Icon } from '../controls/Icon.tsx';

interface StartEnrolmentProps {
  readonly onStart: (name: string, source: 'microphone' | 'files') => void;
}

export function StartEnrolment({ onStart }: StartEnrolmentProps) {
  const [name, setName] = useState('');
  const isNamed = name.trim() !== '';
  return (
    <div class="start-enrolment">
      <h2>A new voice</h2>
      <p class="dim">
        20 to 60 seconds of one person, runExclusive, in the room and at the microphone where they will be heard.
        Separation goes on meanwhile.
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
          disabled={!isNamed}
          onClick={() => onStart(name.trim(), 'microphone')}
        >
          <Icon name="microphone" /> Record voice
        </button>
        <button type="button" class="button" disabled={!isNamed} onClick={() => onStart(name.trim(), 'files')}>
          <Icon name="upload" /> From files
        </button>
      </div>
    </div>
  );
}
