import { readFile, rename } from 'node:fs/promises';
import * as v from 'valibot';
import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import { PARAMETERS, resolveParameters } from '../../engine/separator/parameters.ts';
import { settingsFile } from '../files/userFolders.ts';
import { writeTextFile } from '../files/writeTextFile.ts';
import type { LiveSettings } from '../protocol/LiveState.ts';

const strip = { gainDecibels: v.number(), isMuted: v.boolean(), isSoloed: v.boolean() };
const SNAPSHOT = v.object({
  latency: v.union([v.picklist(['ear', 'monitor', 'call', 'studio']), v.number()]),
  windowSeconds: v.nullable(v.number()),
  parameters: v.object({
    iterations: v.number(),
    maskExponent: v.number(),
    maskFloor: v.number(),
    rest: v.number(),
  }),
  speakers: v.pipe(
    v.array(
      v.object({
        ...strip,
        preset: v.string(),
        colour: v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i)),
        isSent: v.boolean(),
      }),
    ),
    v.maxLength(MAXIMUM_SPEAKERS),
  ),
  rest: v.object(strip),
  master: v.object({ gainDecibels: v.number(), isBypassed: v.boolean(), wet: v.number() }),
});
const STORED = v.object({
  snapshots: v.record(v.string(), SNAPSHOT),
  /** Settings last used with each input device, by its name. */
  devices: v.record(v.string(), SNAPSHOT),
});
type Stored = v.InferOutput<typeof STORED>;

/** The settings without the devices. */
export type Snapshot = Pick<LiveSettings, 'latency' | 'windowSeconds' | 'parameters' | 'speakers' | 'rest' | 'master'>;

const MAXIMUM_DEVICES = 50;

/** File that keeps the snapshots by name, and the settings last used with each input device. */
export class SessionStore {
  private readonly path: string;
  private stored: Stored = { snapshots: {}, devices: {} };
  private writing: Promise<void> = Promise.resolve();
  private movedTo: string | null = null;

  private constructor(path: string) {
    this.path = path;
  }

  /** A missing or damaged file counts as empty. A damaged one is renamed, because the next change would overwrite it. */
  static async read(path = process.env.UNMINGLE_SETTINGS || settingsFile('live.json')): Promise<SessionStore> {
    const store = new SessionStore(path);
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null) return store;
    const parsed = parsedText(text);
    if (parsed === null) await store.moveAway();
    else store.stored = parsed;
    return store;
  }

  /** New path of the damaged file; null if the file was not damaged. */
  get damagedPath(): string | null {
    return this.movedTo;
  }

  get snapshotNames(): string[] {
    return Object.keys(this.stored.snapshots).sort((one, other) => one.localeCompare(other, 'en'));
  }

  snapshot(name: string): Snapshot | null {
    return this.checked(own(this.stored.snapshots, name));
  }

  /** @param device name of the input device */
  lastWith(device: string): Snapshot | null {
    return this.checked(own(this.stored.devices, device));
  }

  /** @throws InputError if the file cannot be written */
  async saveSnapshot(name: string, settings: Snapshot): Promise<void> {
    this.stored.snapshots = { ...this.stored.snapshots, [name]: plain(settings) };
    await this.write();
  }

  async deleteSnapshot(name: string): Promise<void> {
    delete this.stored.snapshots[name];
    await this.write();
  }

  async remember(device: string, settings: Snapshot): Promise<void> {
    const { [device]: _, ...others } = this.stored.devices;
    const kept = Object.entries(others).slice(-(MAXIMUM_DEVICES - 1));
    this.stored.devices = { ...Object.fromEntries(kept), [device]: plain(settings) };
    await this.write();
  }

  /** Limits parameters written by another version to the present ranges. */
  private checked(snapshot: Snapshot | undefined): Snapshot | null {
    if (snapshot === undefined) return null;
    const parameters = Object.fromEntries(
      Object.entries(PARAMETERS).map(([name, { minimum, maximum }]) => [
        name,
        Math.max(minimum, Math.min(maximum, snapshot.parameters[name as keyof typeof PARAMETERS])),
      ]),
    );
    return { ...snapshot, parameters: resolveParameters(parameters) };
  }

  private async moveAway(): Promise<void> {
    const path = `${this.path}.damaged`;
    try {
      await rename(this.path, path);
      this.movedTo = path;
    } catch {
      // A folder in which nothing can be renamed cannot be written to either.
    }
  }

  private write(): Promise<void> {
    this.writing = this.writing
      .catch(() => {})
      .then(() => writeTextFile(this.path, JSON.stringify(this.stored, null, 2)));
    return this.writing;
  }
}

/** Files of version 0.1 hold the snapshots under the name `scenes`. */
function withSnapshots(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('scenes' in value) || 'snapshots' in value) return value;
  const { scenes, ...others } = value;
  return { ...others, snapshots: scenes };
}

function parsedText(text: string): Stored | null {
  try {
    const parsed = v.safeParse(STORED, withSnapshots(JSON.parse(text)));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

function plain({ latency, windowSeconds, parameters, speakers, rest, master }: Snapshot): Stored['snapshots'][string] {
  return {
    latency,
    windowSeconds,
    parameters: { ...parameters },
    speakers: speakers.map((each) => ({ ...each })),
    rest: { ...rest },
    master: { ...master },
  };
}

/** Value of a name that the user chose. Inherited properties, such as "constructor", are not found. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
