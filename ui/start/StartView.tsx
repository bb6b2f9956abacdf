import type { LiveState } from '../../host/protocol/LiveState.ts';
import { Icon, type IconName } from '../controls/Icon.tsx';
import type { Texts } from '../texts/catalogue.ts';
import { useTexts } from '../texts/useTexts.ts';
import type { StartChoice } from './beginWith.ts';

const CARDS: readonly { readonly choice: StartChoice; readonly icon: IconName }[] = [
  { choice: 'demo', icon: 'speaker' },
  { choice: 'recording', icon: 'upload' },
  { choice: 'live', icon: 'microphone' },
  { choice: 'voice', icon: 'plus' },
];

interface StartViewProps {
  readonly state: LiveState;
  readonly onChoice: (choice: StartChoice) => void;
}

/** The first page: what the program does, and four ways to begin. */
export function StartView({ state, onChoice }: StartViewProps) {
  const texts = useTexts().start;
  return (
    <main class="start" aria-label={texts.name}>
      <h2>{texts.heading}</h2>
      <div class="start-cards">
        {CARDS.map(({ choice, icon }) => (
          <button key={choice} type="button" class="start-card" onClick={() => onChoice(choice)}>
            <Icon name={icon} />
            <strong>{texts.cards[choice].title}</strong>
            <span>{texts.cards[choice].text}</span>
          </button>
        ))}
      </div>
      <p class="dim">{soundText(state, texts)}</p>
    </main>
  );
}

/** What comes in and where it is heard, so that nothing is recorded or played unnoticed. */
function soundText({ phase, problem, backend, inputName, outputName }: LiveState, texts: Texts['start']): string {
  if (phase !== 'running') return problem ?? texts.opening;
  if (backend === 'file') return texts.demoRuns;
  const input = inputName ?? texts.noInput;
  return outputName === null ? texts.heardNowhere(input) : texts.heardOn(input, outputName);
}
