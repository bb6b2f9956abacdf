import { useEffect, useRef, useState } from 'preact/hooks';

/** Time after the last change until the host's value is shown again. */
const HELD_MILLISECONDS = 400;

/**
 * State of a control whose value the host owns. During and shortly after a user's change, the user's value is shown, so that an
 * older value arriving from the host does not make the control jump back.
 */
export function useHeld<T>(value: T, onChange: (value: T) => void): [T, (value: T) => void] {
  const [held, setHeld] = useState<{ readonly value: T } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const change = (next: T) => {
    setHeld({ value: next });
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setHeld(null), HELD_MILLISECONDS);
    onChange(next);
  };
  return [held === null ? value : held.value, change];
}
