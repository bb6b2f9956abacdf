import { useEffect, useRef, useState } from 'preact/hooks';

const HELD_MILLISECONDS = 400;

/**
 * A value that the host owns and a hand moves: while it moves, and shortly after, the hand's value is shown, so that the control does
 * not jump back to what the host said a moment ago.
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
