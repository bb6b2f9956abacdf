import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import { MAXIMUM_PRESET_BYTES, type Preset, parsePreset, presetHash } from '../../engine/model/Preset.ts';
import { isPresetName, nameProblem, type PresetName, presetName } from '../../engine/model/PresetName.ts';
import { fileError } from '../files/fileErrors.ts';
import { packageRoot } from '../files/packageRoot.ts';
import { presetsFolder } from '../files/userFolders.ts';
import { writeTextFile } from '../files/writeTextFile.ts';
import { readEvidence, writeEvidence } from './evidenceFiles.ts';
import { NameTakenError } from './NameTakenError.ts';
import type { PresetPath } from './PresetPath.ts';

export const PRESET_EXTENSION = '.unmingle.json';

/** `file`: outside the library, given on the command line. */
export type PresetOrigin = 'bundled' | 'own' | 'file';

/** A preset file of the library. A damaged one is listed with its `problem`. */
export interface PresetEntry {
  /** The file's name without its extension. If it is not a valid preset name, the entry has a problem. */
  readonly name: string;
  readonly origin: PresetOrigin;
  readonly path: string;
  readonly preset: Preset | null;
  readonly problem: string | null;
}

/** A preset that has been read from its file. */
export interface PresetFile {
  /** Name by which the library finds it. */
  readonly name: PresetName;
  readonly origin: PresetOrigin;
  readonly path: string;
  readonly preset: Preset;
}

export interface PresetFolders {
  readonly bundled: string;
  readonly own: string;
}

/** Folders of the bundled presets and of the user's own: UNMINGLE_PRESETS, or the platform's folder for data. */
export function presetFolders(
  environment: NodeJS.ProcessEnv = process.env,
  platform = process.platform,
): PresetFolders {
  return {
    bundled: join(packageRoot(), 'presets'),
    own: presetsFolder(environment, platform),
  };
}

/** @throws InputError that names the file, and the field if the preset is invalid */
export async function readPresetFile(path: string): Promise<Preset> {
  return parsePresetText(path, await readPresetText(path));
}

/**
 * Presets on disk, one file each; the user's own take precedence over bundled ones. The file name is the preset's name. Methods that
 * have a name as parameter read files of the library only, never of the working directory.
 */
export class PresetLibrary {
  private readonly folders: PresetFolders;
  private readonly files: ReadonlyMap<string, PresetFile>;

  /** @param files presets outside the folders that are found by their names, see `withFiles` */
  constructor(folders: PresetFolders = presetFolders(), files: readonly PresetFile[] = []) {
    this.folders = folders;
    this.files = new Map(files.map((file) => [file.name, file]));
  }

  /** Folder of the presets that come with the program. */
  get bundledFolder(): string {
    return this.folders.bundled;
  }

  /** Folder of the user's presets, their evidence and their adaptations. */
  get ownFolder(): string {
    return this.folders.own;
  }

  /** All presets, sorted by name. A user's own preset hides the bundled one of the same name, and one of `withFiles` hides both. */
  async list(): Promise<PresetEntry[]> {
    const entries = new Map<string, PresetEntry>();
    for (const origin of ['bundled', 'own'] as const) {
      for (const path of await presetPaths(this.folders[origin])) {
        const name = basename(path).slice(0, -PRESET_EXTENSION.length);
        entries.set(name, await readEntry(name, origin, path));
      }
    }
    for (const [name, file] of this.files) entries.set(name, { ...file, problem: null });
    return [...entries.values()].sort((one, other) => one.name.localeCompare(other.name, 'en'));
  }

  /** @throws InputError if the library has no preset of this name, or its file is invalid */
  async byName(name: PresetName): Promise<PresetFile> {
    const file = await this.find(name);
    if (file !== null) return file;
    throw new InputError(`no preset is called "${name}" (${await this.namesText()})`);
  }

  /** The names of all presets, for messages. */
  async namesText(): Promise<string> {
    const names = (await this.list()).map(({ name }) => name);
    return names.length === 0 ? 'the library is empty' : `there are: ${names.join(', ')}`;
  }

  /** @returns null if the library has no preset of this name @throws InputError if its file is invalid */
  async find(name: PresetName): Promise<PresetFile | null> {
    const file = this.files.get(name);
    if (file !== undefined) return file;
    for (const origin of ['own', 'bundled'] as const) {
      const path = this.pathOf(origin, name);
      if (await isFile(path)) return { name, origin, path, preset: await readPresetFile(path) };
    }
    return null;
  }

  /** Reads a preset file outside the library. Only commands call this. @throws InputError if it is not a valid preset file */
  async byPath(path: PresetPath): Promise<PresetFile> {
    const preset = await readPresetFile(path);
    return { name: presetName(preset.name), origin: 'file', path, preset };
  }

  /**
   * This library, in which some preset files outside it are found by the names that they contain. Nothing is copied.
   * @param files of origin `file`; others are ignored
   * @throws InputError if two different voices have the same name
   */
  withFiles(files: readonly PresetFile[]): PresetLibrary {
    for (const file of files) {
      const other = files.find(
        ({ name, preset }) => name === file.name && presetHash(preset) !== presetHash(file.preset),
      );
      if (other !== undefined) {
        throw new InputError(
          `two voices are called "${file.name}": ${file.path} and ${other.path}; rename one of them`,
        );
      }
    }
    return new PresetLibrary(
      this.folders,
      files.filter(({ origin }) => origin === 'file'),
    );
  }

  /**
   * Copies a valid preset file, and the evidence beside it, into the user's own folder.
   * @returns the preset in its new place
   * @throws InputError if the file is not a valid preset; NameTakenError if its name exists and `isReplacing` is false
   */
  async import(path: PresetPath, isReplacing: boolean): Promise<PresetFile> {
    const text = await readPresetText(path);
    const preset = parsePresetText(path, text);
    const name = presetName(preset.name);
    const existing = await this.findTaken(name);
    if (existing !== null && !isReplacing) {
      const what = existing.origin === 'own' ? '--force replaces it' : 'it is bundled; --force hides it behind yours';
      throw new NameTakenError(existing.name, `${path}: a preset called "${existing.name}" exists; ${what}`);
    }
    const evidence = await readEvidence(path);
    const ownPath = this.ownPath(name);
    await writeTextFile(ownPath, text);
    await writeEvidence(ownPath, evidence);
    return { name, origin: 'own', path: ownPath, preset };
  }

  /** @returns the preset that has this name already, upper and lower case counting as the same; null if there is none */
  async findTaken(name: PresetName): Promise<PresetEntry | null> {
    return (await this.list()).find((entry) => entry.name.toLowerCase() === name.toLowerCase()) ?? null;
  }

  /** @throws InputError for bundled and unknown presets */
  async remove(name: PresetName): Promise<void> {
    const path = this.ownPath(name);
    if (await isFile(path)) {
      try {
        await rm(path);
        return await writeEvidence(path, null);
      } catch (error) {
        throw fileError(error, 'cannot remove', path);
      }
    }
    if (await isFile(this.pathOf('bundled', name))) {
      throw new InputError(`"${name}" is bundled with the program and cannot be removed; only imported presets can`);
    }
    throw new InputError(`no imported preset is called "${name}"`);
  }

  /** Path for a preset in the user's own folder. */
  ownPath(name: PresetName): string {
    return this.pathOf('own', name);
  }

  private pathOf(origin: keyof PresetFolders, name: PresetName): string {
    return join(this.folders[origin], name + PRESET_EXTENSION);
  }
}

async function isFile(path: string): Promise<boolean> {
  const facts = await stat(path).catch(() => null);
  return facts?.isFile() ?? false;
}

/** A missing folder counts as empty. */
async function presetPaths(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => name.endsWith(PRESET_EXTENSION) && !name.startsWith('.'))
      .map((name) => join(folder, name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw fileError(error, 'cannot read', folder);
  }
}

async function readEntry(name: string, origin: PresetOrigin, path: string): Promise<PresetEntry> {
  if (!isPresetName(name)) {
    return { name, origin, path, preset: null, problem: `${path}: the file's name ${nameProblem(name)}` };
  }
  try {
    return { name, origin, path, preset: await readPresetFile(path), problem: null };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { name, origin, path, preset: null, problem: error.message };
  }
}

/** Checks the size before reading, so that other files are not loaded into memory. */
async function readPresetText(path: string): Promise<string> {
  try {
    const facts = await stat(path);
    if (!facts.isFile())
      throw new InputError(`cannot read ${path}: it is ${facts.isDirectory() ? 'a folder' : 'a device'}, not a file`);
    if (facts.size > MAXIMUM_PRESET_BYTES) {
      throw new InputError(
        `${path}: a preset must be at most ${MAXIMUM_PRESET_BYTES} bytes, this file has ${facts.size}`,
      );
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    throw fileError(error, 'cannot read', path);
  }
}

function parsePresetText(path: string, text: string): Preset {
  try {
    return parsePreset(text);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${path}: ${error.message}`) : error;
  }
}
