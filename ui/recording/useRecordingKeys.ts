import { useEffect, useRef } from 'preact/hooks';
import { isKeyOfControl, type RecordingAction, recordingAction } from './recordingKeys.ts';

/** Keys of the recording view, unless the focused control has a use of its own for them. */
export function useRecordingKeys(run: (action: RecordingAction) => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const action = recordingAction(event);
      if (action === null || isKeyOfControl(event.target, event.key)) return;
      event.preventDefault();
      if (!event.repeat || action.type !== 'play') latest.current(action);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}
