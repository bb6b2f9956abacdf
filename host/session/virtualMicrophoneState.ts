/** State of a session's virtual microphone; the diagram is in ARCHITECTURE.md. */
export type VirtualMicrophoneState = 'absent' | 'making' | 'present' | 'removing' | 'closed';

export type VirtualMicrophoneEvent =
  /** The chosen devices need it. */
  | 'make'
  | 'made'
  /** The sound server has refused it, or does not answer. */
  | 'failed'
  /** The sound server has been restarted without it. */
  | 'gone'
  /** The chosen devices no longer need it, or the session ends. */
  | 'remove'
  | 'removed'
  | 'close';

/** Events that are not listed change nothing. It cannot be closed while it exists: it is removed first. */
const NEXT: Readonly<Record<VirtualMicrophoneState, Partial<Record<VirtualMicrophoneEvent, VirtualMicrophoneState>>>> =
  {
    absent: { make: 'making', close: 'closed' },
    making: { made: 'present', failed: 'absent' },
    present: { gone: 'absent', remove: 'removing' },
    removing: { removed: 'absent' },
    closed: {},
  };

/** @returns the next state; `state` itself if the event changes nothing */
export function nextVirtualMicrophoneState(
  state: VirtualMicrophoneState,
  event: VirtualMicrophoneEvent,
): VirtualMicrophoneState {
  return NEXT[state][event] ?? state;
}
