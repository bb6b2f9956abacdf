import type { RequestId } from './controlMessages.ts';
import type { LiveState, LiveStatus } from './LiveState.ts';

/** Of one status: load (median, 99th percentile), latency in seconds, 1 where sound was missing or load led to less work. */
export type StatusPoint = readonly [median: number, p99: number, latencySeconds: number, trouble: 0 | 1];

/** What the host tells a panel as JSON. Meters and pictures come as binary frames (telemetryFrame.ts). */
export type HostMessage =
  /** The first of a connection is whole; later ones hold the fields that have changed since the one before. */
  | { readonly type: 'state'; readonly state: Partial<LiveState> }
  | { readonly type: 'status'; readonly status: LiveStatus }
  /** The last minutes, oldest first; once, before the first status. */
  | { readonly type: 'past'; readonly points: readonly StatusPoint[] }
  /** The answer to a control message that was obeyed and had an id. */
  | { readonly type: 'done'; readonly id: RequestId }
  /** The answer to a control message that was refused; with its id, where it had one that could be read. */
  | { readonly type: 'refused'; readonly reason: string; readonly id?: RequestId };
