import type { LiveState, LiveStatus } from './LiveState.ts';

/** What the host tells a panel as JSON. Meters and pictures come as binary frames (telemetryFrame.ts). */
export type HostMessage =
  /** The first of a connection is whole; later ones hold the fields that have changed since the one before. */
  | { readonly type: 'state'; readonly state: Partial<LiveState> }
  | { readonly type: 'status'; readonly status: LiveStatus }
  /** The answer to a control message that was refused. */
  | { readonly type: 'refused'; readonly reason: string };
