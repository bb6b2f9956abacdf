import { useState } from 'preact/hooks';

/** A choice that this browser keeps; where storage is denied, until the page is closed. */
export function useRemembered<T extends string>(
  key: string,
  initial: T,
  allowed: readonly T[],
): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => remembered(key, initial, allowed));
  return [
    value,
    (next) => {
      setValue(next);
      remember(key, next);
    },
  ];
}

export function remembered<T extends string>(key: string, initial: T, allowed: readonly T[]): T {
  const kept = rememberedText(key);
  return allowed.find((each) => each === kept) ?? initial;
}

/** Whatever was kept, by whichever version of this page; null: nothing. */
export function rememberedText(key: string): string | null {
  try {
    return localStorage.getItem(`unmingle.${key}`);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`unmingle.${key}`, value);
  } catch {
    /* Private windows may deny it. */
  }
}
