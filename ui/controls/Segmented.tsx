import { useRef } from 'preact/hooks';
import { useHeld } from './useHeld.ts';

interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly value: T | null;
  readonly choices: readonly { readonly value: T; readonly label: string; readonly hint?: string }[];
  readonly onChange: (value: T) => void;
}

/** Radio group in one row. Arrow keys move the selection. */
export function Segmented<T extends string>({ label, choices, ...props }: SegmentedProps<T>) {
  const [value, change] = useHeld<T | null>(props.value, (next) => next !== null && props.onChange(next));
  const group = useRef<HTMLDivElement>(null);
  const chosen = choices.findIndex((choice) => choice.value === value);
  const press = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (Math.max(0, chosen) + step + choices.length) % choices.length;
    const choice = choices[next];
    if (choice === undefined) return;
    change(choice.value);
    (group.current!.children[next] as HTMLElement).focus();
  };
  return (
    <div ref={group} class="segmented" role="radiogroup" aria-label={label} onKeyDown={press}>
      {choices.map((choice, index) => (
        // biome-ignore lint/a11y/useSemanticElements: a row of radio inputs cannot show a tooltip per choice
        <button
          key={choice.value}
          type="button"
          role="radio"
          aria-checked={index === chosen}
          tabIndex={index === Math.max(0, chosen) ? 0 : -1}
          title={choice.hint}
          onClick={() => change(choice.value)}
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}
