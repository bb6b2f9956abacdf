import { BehaviorSubject, Subject } from 'rxjs';
import { type MidiMove, parseMidi } from './midiMessage.ts';

/**
 * `asking`: the browser asks its user. `elsewhere`: another panel of this browser has the controllers, and would move everything twice;
 * when it goes, this one takes over.
 */
export type MidiPhase = 'off' | 'asking' | 'elsewhere' | 'on';

export interface MidiStatus {
  readonly phase: MidiPhase;
  /** Why it is off though it was asked for; null: nothing is wrong. */
  readonly problem: string | null;
  /** Names of the controllers that are connected. */
  readonly inputs: readonly string[];
}

const LOCK = 'unmingle.midi';
const OFF: MidiStatus = { phase: 'off', problem: null, inputs: [] };

/** The controllers that this browser lets the page hear, as they come and go. */
export class MidiInputs {
  readonly status$ = new BehaviorSubject<MidiStatus>(OFF);
  /** `control` begins with the controller's name. */
  readonly moves$ = new Subject<MidiMove>();
  private stopping: AbortController | null = null;

  /** Resolves when it is stopped, or could not be started; never rejects. */
  async start(): Promise<void> {
    if (this.stopping !== null) return;
    const stopping = new AbortController();
    this.stopping = stopping;
    try {
      this.status$.next({ ...OFF, phase: 'asking' });
      // Only pages of this machine, or over HTTPS, are given it.
      if (navigator.requestMIDIAccess === undefined) {
        throw new Error(
          'this browser has no MIDI for this page: Chrome, Edge and Firefox have, on the machine of the host',
        );
      }
      const access = await navigator.requestMIDIAccess({ sysex: false });
      if (stopping.signal.aborted) return;
      this.status$.next({ ...OFF, phase: 'elsewhere' });
      await navigator.locks.request(LOCK, { signal: stopping.signal }, () => this.listen(access, stopping.signal));
    } catch (error) {
      if (stopping.signal.aborted) return;
      this.stopping = null;
      this.status$.next({ ...OFF, problem: problemText(error) });
    }
  }

  stop(): void {
    this.stopping?.abort();
    this.stopping = null;
    this.status$.next(OFF);
  }

  /** Until it is stopped. */
  private listen(access: MIDIAccess, signal: AbortSignal): Promise<void> {
    const hear = () => {
      const inputs = [...access.inputs.values()].filter(({ state }) => state === 'connected');
      for (const input of inputs) {
        input.onmidimessage = ({ data }) => {
          const move = data === null ? null : parseMidi(data);
          if (move !== null) this.moves$.next({ ...move, control: `${nameOf(input)}: ${move.control}` });
        };
      }
      this.status$.next({ phase: 'on', problem: null, inputs: inputs.map(nameOf) });
    };
    access.onstatechange = hear;
    hear();
    return new Promise((resolve) => {
      signal.addEventListener(
        'abort',
        () => {
          access.onstatechange = null;
          for (const input of access.inputs.values()) input.onmidimessage = null;
          resolve();
        },
        { once: true },
      );
    });
  }
}

function nameOf({ name, id }: MIDIInput): string {
  return (name ?? id).slice(0, 100);
}

function problemText(error: unknown): string {
  const { name, message } = error as Error;
  if (name === 'NotAllowedError' || name === 'SecurityError') {
    return 'the browser refuses MIDI to this page: allow it at the left of the address, then try again';
  }
  return name === 'Error' ? message : `the system's MIDI can't be opened: ${(message || name).replace(/\.$/, '')}`;
}
