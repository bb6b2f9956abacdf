import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

interface DropZoneProps {
  /** Shown while files are dragged over the zone. */
  readonly label: string;
  readonly onFiles: (files: readonly File[]) => void;
  readonly children: ComponentChildren;
}

/** Area that accepts dropped files. */
export function DropZone({ label, onFiles, children }: DropZoneProps) {
  // Entered minus left elements: children fire both events too.
  const [depth, setDepth] = useState(0);
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a button offers the same action without dragging
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
