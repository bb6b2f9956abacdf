import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

interface DropZoneProps {
  readonly label: string;
  readonly onFiles: (files: readonly File[]) => void;
  readonly children: ComponentChildren;
}

/** Takes files that are dropped anywhere on it. */
export function DropZone({ label, onFiles, children }: DropZoneProps) {
  // Children fire enter and leave too: what counts is the balance.
  const [depth, setDepth] = useState(0);
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; a button opens the same files
    <div
      class="drop-zone"
      data-over={depth > 0}
      onDragEnter={(event) => hasFiles(event) && setDepth((was) => was + 1)}
      onDragLeave={(event) => hasFiles(event) && setDepth((was) => Math.max(0, was - 1))}
      onDragOver={(event) => hasFiles(event) && event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        setDepth(0);
        onFiles([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      {children}
      {depth > 0 ? <div class="drop-hint">{label}</div> : null}
    </div>
  );
}
