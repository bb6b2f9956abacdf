import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { useTexts } from '../texts/useTexts.ts';

interface OpenFileButtonProps {
  readonly isPrimary?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
  readonly children: ComponentChildren;
}

/** Button that lets the user choose a recording. */
export function OpenFileButton({ isPrimary = false, onFiles, children }: OpenFileButtonProps) {
  const texts = useTexts().recording;
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class={isPrimary ? 'button primary' : 'button'} onClick={() => picker.current?.click()}>
        {children}
      </button>
      <input
        ref={picker}
        type="file"
        accept="audio/*,video/*,.flac,.opus,.caf,.m4a"
        hidden
        aria-label={texts.fileField}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}
