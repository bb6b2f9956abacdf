import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { RecordingInput } from './RecordingInput.tsx';

interface OpenFileButtonProps {
  readonly isPrimary?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
  readonly children: ComponentChildren;
}

/** Button that lets the user choose a recording. */
export function OpenFileButton({ isPrimary = false, onFiles, children }: OpenFileButtonProps) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class={isPrimary ? 'button primary' : 'button'} onClick={() => picker.current?.click()}>
        {children}
      </button>
      <RecordingInput picker={picker} onFiles={onFiles} />
    </>
  );
}
