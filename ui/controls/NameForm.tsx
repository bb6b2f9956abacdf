import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

interface NameFormProps {
  readonly label: string;
  readonly button: ComponentChildren;
  readonly initial?: string;
  readonly placeholder?: string;
  readonly onSubmit: (name: string) => void;
  readonly onCancel?: () => void;
}

/** Text field for a name, with a submit button. */
export function NameForm({ label, button, initial = '', placeholder = '', onSubmit, onCancel }: NameFormProps) {
  const [name, setName] = useState(initial);
  const submit = (event: Event) => {
    event.preventDefault();
    if (name.trim() === '') return;
    onSubmit(name.trim());
    setName(initial);
  };
  return (
    <form class="name-form" onSubmit={submit}>
      <input
        type="text"
        aria-label={label}
        placeholder={placeholder}
        maxLength={64}
        spellcheck={false}
        autocomplete="off"
        value={name}
        onInput={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && onCancel?.()}
      />
      <button type="submit" class="button" disabled={name.trim() === ''}>
        {button}
      </button>
    </form>
  );
}
