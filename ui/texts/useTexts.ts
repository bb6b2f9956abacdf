import { useEffect, useState } from 'preact/hooks';
import { language$ } from '../base/language.ts';
import { CATALOGUE, type Texts } from './catalogue.ts';

/** The texts of the present language, for code outside components. */
export function currentTexts(): Texts {
  return CATALOGUE[language$.value];
}

/** The texts of the present language. The component renders again when the user chooses another. */
export function useTexts(): Texts {
  const [language, setLanguage] = useState(language$.value);
  useEffect(() => {
    const subscription = language$.subscribe((next) => setLanguage(next));
    return () => subscription.unsubscribe();
  }, []);
  return CATALOGUE[language];
}
