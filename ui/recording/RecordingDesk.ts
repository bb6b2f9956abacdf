import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Observable } from 'rxjs';
import type { ControlMessage } from '../../host/protocol/controlMessages.ts';
import type { RecordingMessage } from '../../host/protocol/recordingMessages.ts';
import type { RecordingFiles } from '../link/RecordingFiles.ts';
import type { Notices } from '../model/Notices.ts';
import type { RenderLoop } from '../model/RenderLoop.ts';

/** Reads the open recording, and opens others. */
export type RecordingSource = Pick<
  RecordingFiles,
  'maximumBytes' | 'open' | 'segments' | 'overview' | 'overviewPart' | 'sound' | 'track' | 'labels' | 'preset'
>;

/** A request about the open recording, with names as the user typed them. */
export type DeskMessage = Extract<ControlMessage, { readonly type: RecordingMessage['type'] }>;

/** A file that the user saves. */
export interface SavedFile {
  readonly name: string;
  readonly content: () => Promise<Blob>;
}

/** What the recording view works with: a host, or the page alone. */
export interface RecordingDesk {
  readonly recordings: RecordingSource;
  readonly send: (message: DeskMessage) => void;
  /** Why a message was refused. */
  readonly refusals$: Observable<string>;
  readonly save: (files: readonly SavedFile[]) => Promise<void>;
  readonly notices: Notices;
  readonly renderLoop: RenderLoop;
}

export const RecordingDeskContext = createContext<RecordingDesk | null>(null);

export function useDesk(): RecordingDesk {
  const desk = useContext(RecordingDeskContext);
  if (desk === null) throw new Error('useDesk must be called inside RecordingDeskContext.Provider');
  return desk;
}
