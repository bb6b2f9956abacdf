import { InputError } from '../../engine/core/errors.ts';
import { keepAside, readSettingsText } from '../files/settingsText.ts';
import { settingsFile } from '../files/userFolders.ts';
import { writeTextFile } from '../files/writeTextFile.ts';
import type { Snapshot } from '../protocol/settingsSchema.ts';
import { NO_SETTINGS, type ParsedSettings, parseSettings, type StoredSettings } from './storedSettings.ts';

const MAXIMUM_DEVICES = 50;
/** Keeps the file, which is written at each change, well below a megabyte. */
const MAXIMUM_SNAPSHOTS = 200;

/** A settings file that could not be used completely, and what became of it. */
interface DamagedFile {
  readonly problem: string;
  /** Where the file has been kept; null if it could not be renamed. */
  readonly keptPath: string | null;
}

/** File that keeps the snapshots by name, and the settings last used with each input device. */
export class SessionStore {
  private readonly path: string;
  private stored: StoredSettings = NO_SETTINGS;
  private writing: Promise<void> = Promise.resolve();
  private damaged: DamagedFile | null = null;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Reads the settings file. One that cannot be read, or has an invalid field, is renamed and kept; its valid entries are used. If it
   * cannot be renamed, this store writes nothing.
   */
  static async read(path = process.env.UNMINGLE_SETTINGS || settingsFile('live.json')): Promise<SessionStore> {
    const store = new SessionStore(path);
    const { problem, ...stored } = await readStored(path);
    store.stored = stored;
    if (problem !== null) {
      store.damaged = { problem, keptPath: await keepAside(path) };
      // Otherwise the valid entries would be gone at the next start.
      await store.write().catch(() => {});
    }
    return store;
  }

  /** New path of a file that could not be used completely; null if all of it was used, or if it could not be renamed. */
  get damagedPath(): string | null {
    return this.damaged?.keptPath ?? null;
  }

  /** One line for the user about a file that could not be used completely; null if all of it was used. */
  get notice(): string | null {
    if (this.damaged === null) return null;
    const { problem, keptPath } = this.damaged;
    const where = keptPath === null ? `${this.path}, which is not changed: nothing is saved` : `kept as ${keptPath}`;
    return `your settings could not be read completely (${problem}); the file is ${where}`;
  }

  get snapshotNames(): string[] {
    return Object.keys(this.stored.snapshots).sort((one, other) => one.localeCompare(other, 'en'));
  }

  snapshot(name: string): Snapshot | null {
    return own(this.stored.snapshots, name);
  }

  /** @param device name of the input device */
  lastWith(device: string): Snapshot | null {
    return own(this.stored.devices, device);
  }

  /** @throws InputError if the file cannot be written, or holds too many snapshots */
  async saveSnapshot(name: string, settings: Snapshot): Promise<void> {
    const { snapshots } = this.stored;
    if (own(snapshots, name) === null && Object.keys(snapshots).length >= MAXIMUM_SNAPSHOTS) {
      throw new InputError(
        `name: there are ${MAXIMUM_SNAPSHOTS} snapshots already; delete one before saving "${name}"`,
      );
    }
    this.stored = { ...this.stored, snapshots: { ...snapshots, [name]: plain(settings) } };
    await this.write();
  }

  /** @throws InputError if the file cannot be written */
  async deleteSnapshot(name: string): Promise<void> {
    const { [name]: _, ...snapshots } = this.stored.snapshots;
    this.stored = { ...this.stored, snapshots };
    await this.write();
  }

  /** @throws InputError if the file cannot be written */
  async remember(device: string, settings: Snapshot): Promise<void> {
    const { [device]: _, ...others } = this.stored.devices;
    const kept = Object.entries(others).slice(-(MAXIMUM_DEVICES - 1));
    this.stored = { ...this.stored, devices: { ...Object.fromEntries(kept), [device]: plain(settings) } };
    await this.write();
  }

  private write(): Promise<void> {
    if (this.damaged?.keptPath === null) {
      return Promise.reject(new InputError(`nothing is saved: ${this.path} cannot be read (${this.damaged.problem})`));
    }
    this.writing = this.writing
      .catch(() => {})
      .then(() => writeTextFile(this.path, JSON.stringify(this.stored, null, 2), 'replace'));
    return this.writing;
  }
}

async function readStored(path: string): Promise<ParsedSettings> {
  try {
    const text = await readSettingsText(path);
    return text === null ? { ...NO_SETTINGS, problem: null } : parseSettings(text);
  } catch (error) {
    return { ...NO_SETTINGS, problem: error instanceof Error ? error.message : String(error) };
  }
}

function plain({ latency, windowSeconds, parameters, speakers, rest, master }: Snapshot): Snapshot {
  return { latency, windowSeconds, parameters, speakers, rest, master };
}

/** Value of a name that the user chose; null if there is none. Inherited properties, such as "constructor", are not found. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | null {
  return Object.hasOwn(record, name) ? (record[name] ?? null) : null;
}
