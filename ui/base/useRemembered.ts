import { useState } from 'preact/hooks';

/** State kept in the browser's local storage; lasts until the page is closed where storage is denied. */
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

/** @returns the stored value if it is one of `allowed`, otherwise `initial` */
export function remembered<T extends string>(key: string, initial: T, allowed: readonly T[]): T {
  const kept = rememberedText(key);
  return allowed.find((each) => each === kept) ?? initial;
}

/** The raw stored text, possibly from another version of the page; null: none. */
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
    // Private windows may deny storage.
  }
}
