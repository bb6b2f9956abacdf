import { useEffect, useRef, useState } from 'preact/hooks';
import { useTexts } from '../texts/useTexts.ts';

/** Accepts files that are dropped anywhere on the page, except on an area that accepts files of its own. */
export function PageDrop({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const texts = useTexts().shell;
  const [isOver, setOver] = useState(false);
  const latest = useRef(onFiles);
  latest.current = onFiles;
  useEffect(() => {
    const isOurs = ({ target, dataTransfer }: DragEvent) =>
      dataTransfer?.types.includes('Files') === true &&
      !(target instanceof Element && target.closest('.drop-zone') !== null);
    const over = (event: DragEvent) => setOver(isOurs(event));
    const leave = (event: DragEvent) => {
      // Without a related target, the pointer has left the page.
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      if (isOurs(event)) latest.current([...(event.dataTransfer?.files ?? [])]);
    };
    addEventListener('dragenter', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragenter', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, []);
  return isOver ? <div class="page-drop">{texts.dropRecording}</div> : null;
}
