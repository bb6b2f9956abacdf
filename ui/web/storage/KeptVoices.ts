import { BehaviorSubject } from 'rxjs';
import { InputError } from '../../../engine/core/errors.ts';
import { nameKey } from '../../../engine/core/fileName.ts';
import { type Preset, parsePreset } from '../../../engine/model/Preset.ts';
import { parseEvidence } from '../../../engine/model/SpeakerEvidence.ts';
import { answerOf, openDatabase, type StoreName } from './openDatabase.ts';

/** A preset as it is kept: the texts of its files. */
interface KeptTexts {
  readonly preset: string;
  /** null: there is none, so that it cannot be adapted to others */
  readonly evidence: string | null;
}

export interface KeptVoice extends KeptTexts {
  readonly parsed: Preset;
}

/**
 * The user's presets and adaptations, in IndexedDB; in memory only, until the page is closed, where the browser refuses storage.
 */
export class KeptVoices {
  /** By name. */
  readonly voices$ = new BehaviorSubject<readonly KeptVoice[]>([]);
  /** Whether they outlast the page. */
  readonly isLasting: boolean;
  private readonly database: IDBDatabase | null;
  private readonly adaptations = new Map<string, string>();

  private constructor(database: IDBDatabase | null, voices: readonly KeptVoice[]) {
    this.database = database;
    this.isLasting = database !== null;
    this.voices$.next(sorted(voices));
  }

  /** Reads what was kept. Damaged presets are left out. Never rejects. */
  static async open(): Promise<KeptVoices> {
    try {
      const database = await openDatabase();
      const kept = await answerOf(database.transaction('presets').objectStore('presets').getAll());
      return new KeptVoices(database, kept.flatMap(readable));
    } catch {
      return new KeptVoices(null, []);
    }
  }

  /**
   * @param evidence text of the evidence file; null: there is none
   * @returns the preset that was added
   * @throws InputError for an invalid file, or if there is another preset of the name
   */
  async add(preset: string, evidence: string | null): Promise<KeptVoice> {
    const parsed = parsePreset(preset);
    if (evidence !== null) parseEvidence(evidence);
    this.requireFree(parsed.name);
    const key = nameKey(parsed.name);
    const texts: KeptTexts = { preset, evidence };
    await this.write('presets', (store) => store.put(texts, key));
    // Otherwise a browser may delete them when its disk is full. Refused without a reason, and not needed.
    void navigator.storage?.persist?.().catch(() => false);
    const added = { ...texts, parsed };
    this.voices$.next(sorted([...this.others(key), added]));
    return added;
  }

  /** @throws InputError if there is a preset of this name */
  requireFree(name: string): void {
    if (this.voices$.value.some(({ parsed }) => nameKey(parsed.name) === nameKey(name))) {
      throw new InputError(`there is another preset called "${name}": delete it first, or choose another name`);
    }
  }

  async remove(name: string): Promise<void> {
    const key = nameKey(name);
    await this.write('presets', (store) => store.delete(key));
    this.voices$.next(this.others(key));
  }

  /** @returns the text of an adaptation; null: none is kept */
  async adaptation(key: string): Promise<string | null> {
    const held = this.adaptations.get(key);
    if (held !== undefined || this.database === null) return held ?? null;
    const store = this.database.transaction('adaptations').objectStore('adaptations');
    const text: unknown = await answerOf(store.get(key));
    return typeof text === 'string' ? text : null;
  }

  async keepAdaptation(key: string, text: string): Promise<void> {
    this.adaptations.set(key, text);
    await this.write('adaptations', (store) => store.put(text, key));
  }

  private others(key: string): readonly KeptVoice[] {
    return this.voices$.value.filter(({ parsed }) => nameKey(parsed.name) !== key);
  }

  private async write(name: StoreName, change: (store: IDBObjectStore) => IDBRequest): Promise<void> {
    if (this.database === null) return;
    await answerOf(change(this.database.transaction(name, 'readwrite').objectStore(name)));
  }
}

function readable(kept: unknown): KeptVoice[] {
  const { preset, evidence = null } = (kept ?? {}) as Partial<KeptTexts>;
  try {
    return typeof preset === 'string' ? [{ preset, evidence, parsed: parsePreset(preset) }] : [];
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}

function sorted(voices: readonly KeptVoice[]): readonly KeptVoice[] {
  return [...voices].sort((one, other) => one.parsed.name.localeCompare(other.parsed.name));
}
