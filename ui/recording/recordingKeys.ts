/** What a key does in the recording view, wherever the focus is. */
export type RecordingAction =
  | { readonly type: 'play' | 'undo' | 'redo' | 'whole' }
  | { readonly type: 'seekBy'; readonly seconds: number }
  | { readonly type: 'seekTo'; readonly end: 'start' | 'end' }
  | { readonly type: 'zoom'; readonly isCloser: boolean }
  | { readonly type: 'page'; readonly pages: number };

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

const SHORT_SECONDS = 1;
const LONG_SECONDS = 10;

/** @returns null for a key without effect */
export function recordingAction({ key, ctrlKey, metaKey, altKey, shiftKey }: Key): RecordingAction | null {
  if (altKey) return null;
  if (ctrlKey || metaKey) {
    const letter = key.toLowerCase();
    if (letter === 'z') return { type: shiftKey ? 'redo' : 'undo' };
    return letter === 'y' ? { type: 'redo' } : null;
  }
  const seconds = shiftKey ? LONG_SECONDS : SHORT_SECONDS;
  const actions: Readonly<Record<string, RecordingAction>> = {
    ' ': { type: 'play' },
    ArrowLeft: { type: 'seekBy', seconds: -seconds },
    ArrowRight: { type: 'seekBy', seconds },
    Home: { type: 'seekTo', end: 'start' },
    End: { type: 'seekTo', end: 'end' },
    '+': { type: 'zoom', isCloser: true },
    '=': { type: 'zoom', isCloser: true },
    '-': { type: 'zoom', isCloser: false },
    '0': { type: 'whole' },
    PageUp: { type: 'page', pages: -1 },
    PageDown: { type: 'page', pages: 1 },
  };
  return Object.hasOwn(actions, key) ? actions[key]! : null;
}

/** Controls that have a use of their own for letters and space, or for arrows. */
const TYPING = 'input, textarea, select';
const PRESSED = 'button:not(.segment), label, summary';
const ARROWED = '[role=slider], [role=scrollbar], [role=radiogroup] *, [role=tab]';

/** @returns whether the focused control needs the key itself */
export function isKeyOfControl(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches(TYPING)) return true;
  if (key === ' ' || key === 'Enter') return target.matches(PRESSED);
  return target.matches(ARROWED) && /^(Arrow|Page|Home|End)/.test(key);
}
