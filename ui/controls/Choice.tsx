import { useTexts } from '../texts/useTexts.ts';

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly isLabelHidden?: boolean;
  readonly isDisabled?: boolean;
  readonly onChange: (value: string) => void;
}

/** Drop-down list. A value that is no longer among the choices is shown as unavailable. */
export function Choice({ label, value, choices, isLabelHidden = false, isDisabled = false, onChange }: ChoiceProps) {
  const texts = useTexts().controls;
  const isAvailable = choices.some((choice) => choice.value === value);
  return (
    <label class="choice">
      {isLabelHidden ? null : <span>{label}</span>}
      <select
        aria-label={label}
        value={value}
        disabled={isDisabled}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {isAvailable ? null : <option value={value}>{texts.unavailable(value)}</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </label>
  );
}
