import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ControlMessage } from '../../host/protocol/controlMessages.ts';
import type { HostFiles } from '../link/HostFiles.ts';
import type { HostLink } from '../link/HostLink.ts';
import type { Notices } from '../link/Notices.ts';
import type { MidiControl } from '../midi/MidiControl.ts';
import type { RenderLoop } from './RenderLoop.ts';
import type { StatusHistory } from './StatusHistory.ts';
import type { TelemetryHistory } from './TelemetryHistory.ts';
import type { TemplateCurveCache } from './TemplateCurveCache.ts';

/** What every part of the panel may use; made once, in main.tsx. */
export interface PanelParts {
  readonly link: HostLink;
  readonly files: HostFiles;
  readonly presetManager: TemplateCurveCache;
  readonly history: TelemetryHistory;
  readonly past: StatusHistory;
  readonly pictures: RenderLoop;
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
