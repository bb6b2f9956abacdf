import type { ComponentChildren } from 'preact';

interface ToggleProps {
  readonly label: string;
  readonly isOn: boolean;
  /** Sets the colour of the pressed state. */
  readonly kind?: 'plain' | 'mute' | 'solo' | 'send' | 'bypass';
  readonly isDisabled?: boolean;
  readonly title?: string;
  /** Name of its MIDI target; undefined: not controllable by MIDI. */
  readonly midi?: string;
  readonly onChange: (isOn: boolean) => void;
  readonly children: ComponentChildren;
}

/** Button with a pressed and a released state. */
export function Toggle({
  label,
  isOn,
  kind = 'plain',
  isDisabled = false,
  title,
  midi,
  onChange,
  children,
}: ToggleProps) {
  return (
    <button
      type="button"
      class={`toggle ${kind}`}
      data-midi={midi}
      aria-label={label}
      aria-pressed={isOn}
      disabled={isDisabled}
      title={title ?? label}
      onClick={() => onChange(!isOn)}
    >
      {children}
    </button>
  );
}
