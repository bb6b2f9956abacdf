import { BehaviorSubject } from 'rxjs';
import { remember, rememberedText } from '../base/useRemembered.ts';

/** Assigns one control of a MIDI controller to one target. */
export interface MidiMapping {
  /** Device and control, as named by `MidiInputs`. */
  readonly control: string;
  /** Name from `midiTargets.ts`. */
  readonly target: string;
}

const KEY = 'midi-map';
const MOST_MAPPINGS = 200;
const LONGEST_NAME = 300;

/** One-to-one mapping of controls to targets, kept in the browser's local storage. */
export class MidiMap {
  readonly mappings$ = new BehaviorSubject<readonly MidiMapping[]>(storedMappings());

  targetOf(control: string): string | null {
    return this.mappings$.value.find((mapping) => mapping.control === control)?.target ?? null;
  }

  /** Replaces earlier mappings of the control and of the target. */
  learn(control: string, target: string): void {
    const others = this.mappings$.value.filter((each) => each.control !== control && each.target !== target);
    this.set([...others, { control, target }].slice(-MOST_MAPPINGS));
  }

  forget(target: string): void {
    this.set(this.mappings$.value.filter((mapping) => mapping.target !== target));
  }

  forgetAll(): void {
    this.set([]);
  }

  private set(mappings: readonly MidiMapping[]): void {
    this.mappings$.next(mappings);
    remember(KEY, JSON.stringify(mappings));
  }
}

/** Reads the stored mappings; skips invalid entries, which another version may have written. */
function storedMappings(): MidiMapping[] {
  try {
    const stored: unknown = JSON.parse(rememberedText(KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isMapping).slice(-MOST_MAPPINGS) : [];
  } catch {
    return [];
  }
}

function isMapping(value: unknown): value is MidiMapping {
  const { control, target } = (value ?? {}) as Partial<Record<keyof MidiMapping, unknown>>;
  return [control, target].every((name) => typeof name === 'string' && name.length <= LONGEST_NAME);
}
