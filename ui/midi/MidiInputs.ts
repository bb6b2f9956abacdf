import { BehaviorSubject, Subject } from 'rxjs';
import { currentTexts } from '../texts/useTexts.ts';
import { type MidiMove, parseMidi } from './midiMessage.ts';

/**
 * `asking`: the browser's permission prompt is open. `elsewhere`: another panel of this browser uses the controllers, so this one must not;
 * it takes over when the other closes.
 */
export type MidiPhase = 'off' | 'asking' | 'elsewhere' | 'on';

export interface MidiStatus {
  readonly phase: MidiPhase;
  /** Why the start failed, for the user; null: it did not fail. */
  readonly problem: string | null;
  /** Names of the connected controllers. */
  readonly inputs: readonly string[];
}

const LOCK = 'unmingle.midi';
const OFF: MidiStatus = { phase: 'off', problem: null, inputs: [] };

/** Web MIDI inputs, including controllers that are plugged in later. */
export class MidiInputs {
  readonly status$ = new BehaviorSubject<MidiStatus>(OFF);
  /** `control` is prefixed with the controller's name. */
  readonly moves$ = new Subject<MidiMove>();
  private stopping: AbortController | null = null;

  /** Resolves when stopped or when the start has failed; never rejects. */
  async start(): Promise<void> {
    if (this.stopping !== null) return;
    const stopping = new AbortController();
    this.stopping = stopping;
    try {
      this.status$.next({ ...OFF, phase: 'asking' });
      // Browsers offer Web MIDI on localhost and over HTTPS only.
      if (navigator.requestMIDIAccess === undefined) {
        throw new DOMException('requestMIDIAccess is undefined', 'NotSupportedError');
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

  /** Resolves when `signal` aborts. */
  private listen(access: MIDIAccess, signal: AbortSignal): Promise<void> {
    const update = () => {
      const inputs = [...access.inputs.values()].filter(({ state }) => state === 'connected');
      for (const input of inputs) {
        input.onmidimessage = ({ data }) => {
          const move = data === null ? null : parseMidi(data);
          if (move !== null) this.moves$.next({ ...move, control: `${nameOf(input)}: ${move.control}` });
        };
      }
      this.status$.next({ phase: 'on', problem: null, inputs: inputs.map(nameOf) });
    };
    access.onstatechange = update;
    update();
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
  const texts = currentTexts().midi.problems;
  const { name, message } = error as Error;
  if (name === 'NotAllowedError' || name === 'SecurityError') return texts.denied;
  if (navigator.requestMIDIAccess === undefined) return texts.unavailable;
  return texts.failed((message || name).replace(/\.$/, ''));
}
