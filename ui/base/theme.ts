import { BehaviorSubject, combineLatest, fromEvent, map, startWith } from 'rxjs';
import { remember, remembered } from './useRemembered.ts';
import { useStream } from './useStream.ts';

export type Theme = 'dark' | 'light';
export type ThemeChoice = 'system' | Theme;
const CHOICES: readonly ThemeChoice[] = ['system', 'dark', 'light'];

const systemQuery = matchMedia('(prefers-color-scheme: light)');
export const themeChoice$ = new BehaviorSubject<ThemeChoice>(remembered<ThemeChoice>('theme', 'system', CHOICES));

const theme$ = combineLatest([
  themeChoice$,
  fromEvent<MediaQueryListEvent>(systemQuery, 'change').pipe(
    map(({ matches }) => matches),
    startWith(systemQuery.matches),
  ),
]).pipe(map(([choice, isLight]): Theme => (choice === 'system' ? (isLight ? 'light' : 'dark') : choice)));

/** Sets the theme on the document now and on each change. */
export function followTheme(): void {
  theme$.subscribe((theme) => {
    document.documentElement.dataset.theme = theme;
  });
}

export function useTheme(): Theme {
  return useStream(theme$) ?? (document.documentElement.dataset.theme === 'light' ? 'light' : 'dark');
}

export function chooseTheme(choice: ThemeChoice): void {
  themeChoice$.next(choice);
  remember('theme', choice);
}

/** @returns the choice after this one, in a cycle */
export function nextChoice(choice: ThemeChoice): ThemeChoice {
  return CHOICES[CHOICES.indexOf(choice) + 1] ?? 'system';
}
