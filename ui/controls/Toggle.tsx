import type { ComponentChildren } from 'preact';

interface ToggleProps {
  readonly label: string;
  readonly isOn: boolean;
  /** Names the colour it lights up in. */
  readonly kind?: 'plain' | 'mute' | 'solo' | 'send' | 'bypass';
  readonly isDisabled?: boolean;
  readonly title?: string;
  /** What a MIDI controller knows it by; none: it can't be pressed by one. */
  readonly midi?: string;
  readonly onChange: (isOn: boolean) => void;
  readonly children: ComponentChildren;
}

/** A button that stays down. */
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
