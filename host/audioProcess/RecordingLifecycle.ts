/**
 * idle: nothing is recorded. starting: the files are being created. finishing: what is in the tap is being written and the files are being
 * completed. failed: the recording ended early, its files are readable up to there; a new one may start.
 */
export type RecordingPhase = 'idle' | 'starting' | 'recording' | 'finishing' | 'failed';

const NEXT: Readonly<Record<RecordingPhase, readonly RecordingPhase[]>> = {
  idle: ['starting'],
  starting: ['recording', 'idle'],
  recording: ['finishing', 'failed'],
  finishing: ['idle', 'failed'],
  failed: ['starting', 'idle'],
};

/** State machine of one kind of recording. Its owner is `TakeRecorder`; no one else changes it. */
export class RecordingLifecycle {
  private current: RecordingPhase = 'idle';

  get phase(): RecordingPhase {
    return this.current;
  }

  /** Whether files are open that the tap is written to. */
  get isActive(): boolean {
    return this.current === 'recording' || this.current === 'finishing';
  }

  /** @throws Error for a transition that the table does not contain, which is a bug of the caller */
  change(phase: RecordingPhase): void {
    if (!NEXT[this.current].includes(phase)) throw new Error(`a recording cannot go from ${this.current} to ${phase}`);
    this.current = phase;
  }
}
