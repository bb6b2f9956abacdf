interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly isLabelHidden?: boolean;
  readonly isDisabled?: boolean;
  readonly onChange: (value: string) => void;
}

/** One of many: the browser's own list. What is chosen but not there any more stays to be seen. */
export function Choice({ label, value, choices, isLabelHidden = false, isDisabled = false, onChange }: ChoiceProps) {
  const isThere = choices.some((choice) => choice.value === value);
  return (
    <label class="choice">
      {isLabelHidden ? null : <span>{label}</span>}
      <select
        aria-label={label}
        value={value}
        disabled={isDisabled}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {isThere ? null : <option value={value}>{`${value} (not there)`}</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </label>
  );
}
