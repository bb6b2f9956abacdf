import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Observable } from 'rxjs';
import type { ControlMessage } from '../../host/protocol/controlMessages.ts';
import type { StatusHistory } from '../health/StatusHistory.ts';
import type { MidiControl } from '../midi/MidiControl.ts';
import type { CurveShelf } from '../sight/CurveShelf.ts';
import type { PictureLoop } from '../sight/PictureLoop.ts';
import type { TelemetryHistory } from '../sight/TelemetryHistory.ts';
import type { HostFiles } from './HostFiles.ts';
import type { HostLink } from './HostLink.ts';
import type { Notices } from './Notices.ts';

/** What every part of the panel may use; made once, in main.tsx. */
export interface PanelParts {
  readonly link: HostLink;
  readonly files: HostFiles;
  readonly shelf: CurveShelf;
  readonly history: TelemetryHistory;
  readonly past: StatusHistory;
  readonly pictures: PictureLoop;
  readonly notices: Notices;
  readonly midi: MidiControl;
}

export const PanelContext = createContext<PanelParts | null>(null);

export function usePanel(): PanelParts {
  const parts = useContext(PanelContext);
  if (parts === null) throw new Error('a panel part is used outside of the panel');
  return parts;
}

export function useSend(): (message: ControlMessage) => void {
  const { link } = usePanel();
  return (message) => link.send(message);
}

/** The newest value of a stream; null before the first. */
export function useStream<T>(stream: Observable<T>): T | null {
  const [value, setValue] = useState<T | null>(null);
  useEffect(() => {
    const subscription = stream.subscribe((next) => setValue(() => next));
    return () => subscription.unsubscribe();
  }, [stream]);
  return value;
}
