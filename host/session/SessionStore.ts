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
  /** Speakers and settings last used with an input device, by its name. */
  devices: v.record(v.string(), SNAPSHOT),
});
type Stored = v.InferOutput<typeof STORED>;

/** Speakers and settings without the devices: what a snapshot remembers. */
export type Snapshot = Pick<LiveSettings, 'latency' | 'windowSeconds' | 'parameters' | 'speakers' | 'rest' | 'master'>;

const MOST_DEVICES = 50;

/** Snapshots by name, and what was last loaded with each input device; one small file among the user's settings. */
export class SessionStore {
  private readonly path: string;
  private stored: Stored = { snapshots: {}, devices: {} };
  private writing: Promise<void> = Promise.resolve();
  private aside: string | null = null;

  private constructor(path: string) {
    this.path = path;
  }

  /** A file that is missing counts as empty; one that is damaged as well, and is put aside: the next change would replace it. */
  static async read(path = process.env.UNMINGLE_SETTINGS || settingsFile('live.json')): Promise<SessionStore> {
    const store = new SessionStore(path);
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null) return store;
    const parsed = parsedText(text);
    if (parsed === null) await store.putAside();
    else store.stored = parsed;
    return store;
  }

  /** Where a damaged file is now; null: there was none. */
  get damagedPath(): string | null {
    return this.aside;
  }

  get snapshotNames(): string[] {
    return Object.keys(this.stored.snapshots).sort((one, other) => one.localeCompare(other, 'en'));
  }

  snapshot(name: string): Snapshot | null {
    return this.checked(own(this.stored.snapshots, name));
  }

  /** What was last used with this input device. */
  lastWith(device: string): Snapshot | null {
    return this.checked(own(this.stored.devices, device));
  }

  /** @throws InputError where it cannot be written */
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
    const kept = Object.entries(others).slice(-(MOST_DEVICES - 1));
    this.stored.devices = { ...Object.fromEntries(kept), [device]: plain(settings) };
    await this.write();
  }

  /** Parameters of an older program may be out of today's ranges. */
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

  private async putAside(): Promise<void> {
    const aside = `${this.path}.damaged`;
    try {
      await rename(this.path, aside);
      this.aside = aside;
    } catch {
      // Then nothing can be written there either.
    }
  }

  private write(): Promise<void> {
    this.writing = this.writing
      .catch(() => {})
      .then(() => writeTextFile(this.path, JSON.stringify(this.stored, null, 2)));
    return this.writing;
  }
}

/** Files up to version 0.1 hold the snapshots under the name `scenes`. */
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

/** Names come from people: one may be called "constructor". */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
