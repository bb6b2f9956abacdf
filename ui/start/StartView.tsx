import type { LiveState } from '../../host/protocol/LiveState.ts';
import { Icon, type IconName } from '../controls/Icon.tsx';
import type { StartChoice } from './beginWith.ts';

interface StartCard {
  readonly choice: StartChoice;
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
}

const CARDS: readonly StartCard[] = [
  {
    choice: 'demo',
    icon: 'speaker',
    title: 'Listen to the demo',
    text: 'Two people talk at once. Hear them from this page, together and one at a time.',
  },
  {
    choice: 'recording',
    icon: 'upload',
    title: 'Separate a recording',
    text: 'Open an audio or video file and get a track of each person.',
  },
  {
    choice: 'live',
    icon: 'microphone',
    title: 'Go live',
    text: 'Separate the people at your microphone while they speak.',
  },
  {
    choice: 'voice',
    icon: 'plus',
    title: 'Teach a voice',
    text: 'Record 20 seconds of one person, so that Unmingle can tell them from others.',
  },
];

interface StartViewProps {
  readonly state: LiveState;
  readonly onChoice: (choice: StartChoice) => void;
}

/** The first page: what the program does, and four ways to begin. */
export function StartView({ state, onChoice }: StartViewProps) {
  return (
    <main class="start" aria-label="Start">
      <h2>Separate people who talk at once</h2>
      <div class="start-cards">
        {CARDS.map(({ choice, icon, title, text }) => (
          <button key={choice} type="button" class="start-card" onClick={() => onChoice(choice)}>
            <Icon name={icon} />
            <strong>{title}</strong>
            <span>{text}</span>
          </button>
        ))}
      </div>
      <p class="dim">{soundText(state)}</p>
    </main>
  );
}

/** What comes in and where it is heard, so that nothing is recorded or played unnoticed. */
function soundText({ phase, problem, backend, inputName, outputName }: LiveState): string {
  if (phase !== 'running') return problem ?? 'Opening the sound devices…';
  if (backend === 'file') return 'The demo is running. Nothing is recorded.';
  const heard = outputName === null ? 'you hear nothing yet' : `you hear it on ${outputName}`;
  return `Microphone: ${inputName}; ${heard}.`;
}
