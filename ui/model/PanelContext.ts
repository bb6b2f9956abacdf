import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ControlMessage } from '../../host/protocol/controlMessages.ts';
import type { StatusHistory } from '../../host/protocol/StatusHistory.ts';
import type { HostFiles } from '../link/HostFiles.ts';
import type { HostLink } from '../link/HostLink.ts';
import type { RecordingFiles } from '../link/RecordingFiles.ts';
import type { Listening } from '../listening/Listening.ts';
import type { MidiControl } from '../midi/MidiControl.ts';
import type { Notices } from './Notices.ts';
import type { RecentCounters } from './RecentCounters.ts';
import type { RenderLoop } from './RenderLoop.ts';
import type { TelemetryHistory } from './TelemetryHistory.ts';
import type { TemplateCurveCache } from './TemplateCurveCache.ts';

/** Objects shared by all parts of the panel; created once, in main.tsx. */
export interface PanelObjects {
  readonly link: HostLink;
  readonly files: HostFiles;
  readonly recordings: RecordingFiles;
  readonly templateCurves: TemplateCurveCache;
  readonly telemetryHistory: TelemetryHistory;
  readonly statusHistory: StatusHistory;
  readonly recentCounters: RecentCounters;
  readonly renderLoop: RenderLoop;
  readonly notices: Notices;
  readonly midi: MidiControl;
  readonly listening: Listening;
}

export const PanelContext = createContext<PanelObjects | null>(null);

export function usePanel(): PanelObjects {
  const objects = useContext(PanelContext);
  if (objects === null) throw new Error('usePanel must be called inside PanelContext.Provider');
  return objects;
}

export function useSend(): (message: ControlMessage) => void {
  const { link } = usePanel();
  return (message) => link.send(message);
}
