import { useEffect, useRef } from 'preact/hooks';
import { isTurnedOff } from '../base/singleKeys.ts';
import { isKeyOfControl, type RecordingAction, recordingAction } from './recordingKeys.ts';

/** Keys of the recording view, unless the focused control has a use of its own for them. */
export function useRecordingKeys(run: (action: RecordingAction) => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const action = recordingAction(event);
      if (action === null || isKeyOfControl(event.target, event.key) || isTurnedOff(event)) return;
      event.preventDefault();
      if (!event.repeat || action.type !== 'play') latest.current(action);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}
