import { useState } from 'preact/hooks';
import { parseValue } from '../base/sliderLaw.ts';

interface ValueFieldProps {
  readonly label: string;
  readonly value: number;
  readonly format: (value: number) => string;
  readonly isDisabled?: boolean;
  readonly onChange: (value: number) => void;
}

/** A number that can be read and typed. Enter or leaving takes it, Escape leaves it as it was. */
export function ValueField({ label, value, format, isDisabled = false, onChange }: ValueFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const take = (text: string) => {
    const number = parseValue(text);
    // A unit of percent is shown, so a bare "40" in such a field means 40 %.
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
        if (typed !== null) take(typed);
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
