import {
  chooseLanguage,
  LANGUAGE_NAMES,
  LANGUAGES,
  type LanguageChoice,
  languageChoice$,
  preferredLanguage,
} from '../base/language.ts';
import { useStream } from '../base/useStream.ts';
import { Choice } from '../controls/Choice.tsx';
import { useTexts } from '../texts/useTexts.ts';

/** Language of this page; the browser's unless the user chooses another. */
export function LanguageChooser() {
  const choice = useStream(languageChoice$) ?? 'system';
  const texts = useTexts().settings.language;
  const choices: readonly { readonly value: LanguageChoice; readonly label: string }[] = [
    { value: 'system', label: texts.system(LANGUAGE_NAMES[preferredLanguage(navigator.languages)]) },
    ...LANGUAGES.map((language) => ({ value: language, label: LANGUAGE_NAMES[language] })),
  ];
  return (
    <section aria-label={texts.name}>
      <h2>{texts.name}</h2>
      <Choice
        label={texts.name}
        isLabelHidden
        value={choice}
        choices={choices}
        onChange={(value) => {
          const chosen = choices.find((each) => each.value === value);
          if (chosen !== undefined) chooseLanguage(chosen.value);
        }}
      />
    </section>
  );
}
