/** State of the proxy of one audio process. Ended processes are not used again; the AudioSupervisor starts another. */
export type AudioProcessState =
  /** Answers requests; sends no status, because no devices are open yet. */
  | { readonly name: 'idle' }
  /** Devices are open, so a status is due. */
  | { readonly name: 'streaming'; readonly silentAtMilliseconds: number }
  /** Completes recordings and closes the devices; its end is expected. */
  | { readonly name: 'closing' }
  | { readonly name: 'ended' };

export type AudioProcessEvent =
  | { readonly type: 'status' }
  | { readonly type: 'close' }
  /** The process has exited, missed a deadline, was silent, or reports that its devices are lost. */
  | { readonly type: 'lost' }
  | { readonly type: 'killed' };

/** The process sends a status twice a second while devices are open; after this time without one it is considered hung. */
export const SILENCE_MILLISECONDS = 2500;

/** @returns the next state; `state` itself if the event changes nothing */
export function nextAudioProcessState(
  state: AudioProcessState,
  event: AudioProcessEvent,
  nowMilliseconds: number,
): AudioProcessState {
  if (state.name === 'ended') return state;
  switch (event.type) {
    case 'status':
      if (state.name === 'closing') return state;
      return { name: 'streaming', silentAtMilliseconds: nowMilliseconds + SILENCE_MILLISECONDS };
    case 'close':
      return { name: 'closing' };
    case 'lost':
    case 'killed':
      return { name: 'ended' };
  }
}

/** Whether the listener hears of the loss: it did not expect this end. */
export function isUnexpectedEnd(before: AudioProcessState, event: AudioProcessEvent): boolean {
  return event.type === 'lost' && (before.name === 'idle' || before.name === 'streaming');
}
