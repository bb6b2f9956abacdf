import { readFile, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { PARAMETERS, resolveParameters } from '../../engine/separator/parameters.ts';
import { MAXIMUM_SPEAKERS } from '../../engine/separator/Scene.ts';
import type { LiveSettings } from '../protocol/LiveState.ts';
import { writeTextFile } from '../writeTextFile.ts';

const strip = { gainDecibels: v.number(), isMuted: v.boolean(), isSoloed: v.boolean() };
const SCENE = v.object({
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
  scenes: v.record(v.string(), SCENE),
  /** Speakers and settings last used with an input device, by its name. */
  devices: v.record(v.string(), SCENE),
});
type Stored = v.InferOutput<typeof STORED>;

/** Speakers and settings without the devices: what a scene remembers. */
export type StoredScene = Pick<
  LiveSettings,
  'latency' | 'windowSeconds' | 'parameters' | 'speakers' | 'rest' | 'master'
>;

const MOST_DEVICES = 50;

/** Scenes by name, and what was last loaded with each input device; one small file among the user's settings. */
export class SessionStore {
  private readonly path: string;
  private stored: Stored = { scenes: {}, devices: {} };
  private writing: Promise<void> = Promise.resolve();
  private aside: string | null = null;

  private constructor(path: string) {
    this.path = path;
  }

  /** A file that is missing counts as empty; one that is damaged as well, and is put aside: the next change would replace it. */
  static async read(path = storePath()): Promise<SessionStore> {
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

  get sceneNames(): string[] {
    return Object.keys(this.stored.scenes).sort((one, other) => one.localeCompare(other, 'en'));
  }

  scene(name: string): StoredScene | null {
    return this.checked(own(this.stored.scenes, name));
  }

  /** What was last used with this input device. */
  lastWith(device: string): StoredScene | null {
    return this.checked(own(this.stored.devices, device));
  }

  /** @throws InputError where it cannot be written */
  async saveScene(name: string, settings: StoredScene): Promise<void> {
    this.stored.scenes = { ...this.stored.scenes, [name]: plain(settings) };
    await this.write();
  }

  async deleteScene(name: string): Promise<void> {
    delete this.stored.scenes[name];
    await this.write();
  }

  async remember(device: string, settings: StoredScene): Promise<void> {
    const { [device]: _, ...others } = this.stored.devices;
    const kept = Object.entries(others).slice(-(MOST_DEVICES - 1));
    this.stored.devices = { ...Object.fromEntries(kept), [device]: plain(settings) };
    await this.write();
  }

  /** Parameters of an older program may be out of today's ranges. */
  private checked(scene: StoredScene | undefined): StoredScene | null {
    if (scene === undefined) return null;
    const parameters = Object.fromEntries(
      Object.entries(PARAMETERS).map(([name, { minimum, maximum }]) => [
        name,
        Math.max(minimum, Math.min(maximum, scene.parameters[name as keyof typeof PARAMETERS])),
      ]),
    );
    return { ...scene, parameters: resolveParameters(parameters) };
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

function parsedText(text: string): Stored | null {
  try {
    const parsed = v.safeParse(STORED, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

function plain({ latency, windowSeconds, parameters, speakers, rest, master }: StoredScene): Stored['scenes'][string] {
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

function storePath(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.UNMINGLE_SETTINGS) return environment.UNMINGLE_SETTINGS;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'unmingle', 'live.json');
  if (process.platform === 'win32')
    return join(environment.APPDATA || join(homedir(), 'AppData', 'Roaming'), 'unmingle', 'live.json');
  return join(environment.XDG_CONFIG_HOME || join(homedir(), '.config'), 'unmingle', 'live.json');
}
