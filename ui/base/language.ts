import { BehaviorSubject, combineLatest, fromEvent, startWith } from 'rxjs';
import { remember, remembered } from './useRemembered.ts';

/** Languages of the panel, as in BCP 47. The first is shown to users of any other language. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];
/** Each language in itself, so that everybody finds their own. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };
/** `system`: the browser's. */
export type LanguageChoice = 'system' | Language;
const CHOICES: readonly LanguageChoice[] = ['system', ...LANGUAGES];

export const languageChoice$ = new BehaviorSubject<LanguageChoice>(
  remembered<LanguageChoice>('language', 'system', CHOICES),
);
/** The language that is shown; English until `followLanguage` is called. */
export const language$ = new BehaviorSubject<Language>(LANGUAGES[0]);

/** Sets the language of texts, numbers and the document now and on each change. */
export function followLanguage(): void {
  const changes$ = fromEvent(window, 'languagechange').pipe(startWith(null));
  combineLatest([languageChoice$, changes$]).subscribe(([choice]) => {
    const language = choice === 'system' ? preferredLanguage(navigator.languages) : choice;
    document.documentElement.lang = language;
    language$.next(language);
  });
}

export function chooseLanguage(choice: LanguageChoice): void {
  languageChoice$.next(choice);
  remember('language', choice);
}

/** @param tags the user's languages, the preferred one first, such as `de-AT` @returns the first that the panel has */
export function preferredLanguage(tags: readonly string[]): Language {
  for (const tag of tags) {
    const spoken = LANGUAGES.find((language) => language === tag.toLowerCase().split('-')[0]);
    if (spoken !== undefined) return spoken;
  }
  return LANGUAGES[0];
}
