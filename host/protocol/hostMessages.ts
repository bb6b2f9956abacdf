import type { LiveState, LiveStatus } from './LiveState.ts';

/** What the host tells a panel as JSON. Meters and pictures come as binary frames (telemetryFrame.ts). */
export type HostMessage =
  | { readonly type: 'state'; readonly state: LiveState }
  | { readonly type: 'status'; readonly status: LiveStatus }
  /** The answer to a control message that was refused. */
  | { readonly type: 'refused'; readonly reason: string };
