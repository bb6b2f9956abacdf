import { BehaviorSubject } from 'rxjs';
import { remember, rememberedText } from '../base/useRemembered.ts';

/** What a control of a controller moves. */
export interface MidiMapping {
  /** Device and control, as `MidiInputs` names it. */
  readonly control: string;
  /** Of `midiTargets.ts`. */
  readonly target: string;
}

const KEY = 'midi-map';
const MOST_MAPPINGS = 200;
const LONGEST_NAME = 300;

/** Which control moves what, kept by this browser. A control moves one thing, and a thing is moved by one control. */
export class MidiMap {
  readonly mappings$ = new BehaviorSubject<readonly MidiMapping[]>(storedMappings());

  targetOf(control: string): string | null {
    return this.mappings$.value.find((mapping) => mapping.control === control)?.target ?? null;
  }

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

/** What is kept may be of another version, or not of this program: what is no mapping is left out. */
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
