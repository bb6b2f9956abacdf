import { useEffect, useRef, useState } from 'preact/hooks';
import type { OpenRecording } from '../../host/protocol/recordingState.ts';
import { bytesText } from '../base/numberText.ts';
import { isSoundFile } from '../base/soundFiles.ts';
import { useTexts } from '../texts/useTexts.ts';
import { useDesk } from './RecordingDesk.ts';

/** A file on its way to the host. */
export interface Upload {
  readonly name: string;
  /** Share that has been sent, 0 to 1. */
  readonly progress: number;
}

export interface Uploading {
  /** null: none is in progress */
  readonly upload: Upload | null;
  /** Opens the first of these files. Asks first if voices of an open recording would be lost. */
  readonly open: (files: readonly File[]) => void;
  readonly cancel: () => void;
}

/** Uploads recordings. @param opened the recording that is open @param onStart called when an upload starts */
export function useUpload(opened: OpenRecording | null, onStart: () => void): Uploading {
  const { recordings, notices } = useDesk();
  const texts = useTexts().recording;
  const [upload, setUpload] = useState<Upload | null>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const start = async (file: File) => {
    abort.current?.abort();
    const mine = new AbortController();
    abort.current = mine;
    setUpload({ name: file.name, progress: 0 });
    onStart();
    try {
      await recordings.open(file, (progress) => setUpload({ name: file.name, progress }), mine.signal);
    } catch (error) {
      if (!mine.signal.aborted) notices.problem(error);
    }
    if (abort.current !== mine) return;
    abort.current = null;
    setUpload(null);
  };
  const open = (files: readonly File[]) => {
    const [file] = files;
    if (file === undefined) return;
    if (!isSoundFile(file)) {
      notices.problem(texts.notASoundFile(file.name));
    } else if (file.size > recordings.maximumBytes) {
      notices.problem(texts.tooLarge(file.name, bytesText(recordings.maximumBytes)));
    } else if (opened !== null && opened.voices.length > 0) {
      const text = texts.replaces(file.name, opened.name);
      notices.show(text, 'problem', { label: texts.replace, run: () => void start(file) });
    } else void start(file);
  };
  return { upload, open, cancel: () => abort.current?.abort() };
}
