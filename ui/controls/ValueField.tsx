import { useState } from 'preact/hooks';
import { parseValue } from '../base/sliderLaw.ts';

interface ValueFieldProps {
  readonly label: string;
  readonly value: number;
  readonly format: (value: number) => string;
  readonly isDisabled?: boolean;
  readonly onChange: (value: number) => void;
}

/** Editable number. Enter or leaving the field applies the text, Escape discards it. */
export function ValueField({ label, value, format, isDisabled = false, onChange }: ValueFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const apply = (text: string) => {
    const number = parseValue(text);
    // In a field shown in percent, a bare "40" means 40 %.
    if (number !== null) onChange(format(1).endsWith('%') && !text.includes('%') ? number / 100 : number);
  };
  return (
    <input
      class="value"
      type="text"
      inputMode="decimal"
      spellcheck={false}
      autocomplete="off"
      aria-label={label}
      disabled={isDisabled}
      value={typed ?? format(value)}
      onFocus={(event) => event.currentTarget.select()}
      onInput={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => {
        if (typed !== null) apply(typed);
        setTyped(null);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key !== 'Escape') return;
        setTyped(null);
        event.stopPropagation();
        requestAnimationFrame(() => (event.target as HTMLElement).blur());
      }}
    />
  );
}
