import * as v from 'valibot';
import { InputError } from '../../engine/core/errors.ts';
import { REQUEST_ID, type RequestId } from './controlMessages.ts';
import { HOST_ERROR, type HostError } from './hostError.ts';
import type { LiveState, LiveStatus } from './LiveState.ts';
import { CHANGED_STATE, STATUS } from './stateSchema.ts';

/** Summary of one status: load (median, 99th percentile), latency in seconds, and 1 if a gap, an overload or a dry fallback occurred. */
export type StatusPoint = readonly [median: number, p99: number, latencySeconds: number, trouble: 0 | 1];

/** JSON messages from the host to a panel or remote control. Levels, spectra and activations are sent as binary frames (telemetryFrame.ts). */
export type HostMessage =
  /** The first of a connection is complete; later ones hold only the fields that have changed. */
  | { readonly type: 'state'; readonly state: Partial<LiveState> }
  | { readonly type: 'status'; readonly status: LiveStatus }
  /** The last minutes, oldest first. Sent once, before the first status. */
  | { readonly type: 'past'; readonly points: readonly StatusPoint[] }
  /** Answers a control message with an id that has been carried out. */
  | { readonly type: 'done'; readonly id: RequestId }
  /** Answers a control message that has been refused; holds its id if there was a valid one. `reason` is the error in one line. */
  | { readonly type: 'refused'; readonly reason: string; readonly error: HostError; readonly id?: RequestId };

/** Load (median, 99th percentile), latency in seconds, trouble; see StatusPoint. */
const STATUS_POINT = v.tuple([v.number(), v.number(), v.number(), v.picklist([0, 1])]);

const HOST_MESSAGE = v.variant('type', [
  v.object({ type: v.literal('state'), state: CHANGED_STATE }),
  v.object({ type: v.literal('status'), status: STATUS }),
  v.object({ type: v.literal('past'), points: v.array(STATUS_POINT) }),
  v.object({ type: v.literal('done'), id: REQUEST_ID }),
  v.object({ type: v.literal('refused'), reason: v.string(), error: HOST_ERROR, id: v.exactOptional(REQUEST_ID) }),
]);

/**
 * Reads a message from the host.
 * @throws InputError if it is not JSON or not a host message
 */
export function parseHostMessage(json: string): HostMessage {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new InputError('a host message must be JSON');
  }
  const result = v.safeParse(HOST_MESSAGE, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new InputError(`host message, ${v.getDotPath(issue) ?? 'whole'}: ${issue.message}`);
}
