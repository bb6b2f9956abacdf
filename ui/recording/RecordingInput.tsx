import type { Ref } from 'preact';
import { SOUND_FILES } from '../base/soundFiles.ts';
import { useTexts } from '../texts/useTexts.ts';

interface RecordingInputProps {
  /** Its `click` opens the browser's dialog, in the handler of a click. */
  readonly picker: Ref<HTMLInputElement>;
  readonly onFiles: (files: readonly File[]) => void;
}

/** Hidden field through which the user chooses a recording. */
export function RecordingInput({ picker, onFiles }: RecordingInputProps) {
  const texts = useTexts().recording;
  return (
    <input
      ref={picker}
      type="file"
      accept={SOUND_FILES}
      hidden
      aria-label={texts.fileField}
      onChange={(event) => {
        onFiles([...(event.currentTarget.files ?? [])]);
        event.currentTarget.value = '';
      }}
    />
  );
}
