import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import { MAXIMUM_PRESET_BYTES, type Preset, parsePreset, requirePresetName } from '../../engine/model/Preset.ts';
import { fileError } from '../files/fileErrors.ts';
import { packageRoot } from '../files/packageRoot.ts';
import { presetsFolder } from '../files/userFolders.ts';
import { writeTextFile } from '../files/writeTextFile.ts';
import { readEvidence, writeEvidence } from './evidenceFiles.ts';

export const PRESET_EXTENSION = '.unmingle.json';

export type PresetOrigin = 'bundled' | 'own';

/** A preset file of the library. A damaged one is listed with its `problem`. */
export interface PresetEntry {
  readonly name: string;
  readonly origin: PresetOrigin;
  readonly path: string;
  readonly preset: Preset | null;
  readonly problem: string | null;
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
 * Presets on disk, one file each; the user's own take precedence over bundled ones. The file name is the preset's name, so names are
 * checked before they become part of a path.
 */
export class PresetLibrary {
  private readonly folders: PresetFolders;

  constructor(folders: PresetFolders = presetFolders()) {
    this.folders = folders;
  }

  /** Folder of the presets that come with the program. */
  get bundledFolder(): string {
    return this.folders.bundled;
  }

  /** Folder of the user's presets, their evidence and their adaptations. */
  get ownFolder(): string {
    return this.folders.own;
  }

  /** All presets, sorted by name. A user's own preset hides the bundled one of the same name. */
  async list(): Promise<PresetEntry[]> {
    const entries = new Map<string, PresetEntry>();
    for (const origin of ['bundled', 'own'] as const) {
      for (const path of await presetPaths(this.folders[origin])) {
        const name = basename(path).slice(0, -PRESET_EXTENSION.length);
        entries.set(name, await readEntry(name, origin, path));
      }
    }
    return [...entries.values()].sort((one, other) => one.name.localeCompare(other.name, 'en'));
  }

  /**
   * @param nameOrPath a preset's name, or the path of a preset file
   * @throws InputError if there is neither, or the file is not a valid preset
   */
  async load(nameOrPath: string): Promise<Preset> {
    return readPresetFile(await this.resolve(nameOrPath));
  }

  /** @returns the path of the preset file @throws InputError if there is no such preset */
  async resolve(nameOrPath: string): Promise<string> {
    if (!looksLikePath(nameOrPath)) {
      for (const path of [this.pathOf('own', nameOrPath), this.pathOf('bundled', nameOrPath)]) {
        if (path !== null && (await isFile(path))) return path;
      }
      if (!(await isFile(nameOrPath))) {
        const names = (await this.list()).map((entry) => entry.name);
        const there = names.length === 0 ? 'the library is empty' : `there are: ${names.join(', ')}`;
        throw new InputError(`no preset is called "${nameOrPath}" (${there}), and there is no such file`);
      }
    }
    return nameOrPath;
  }

  /**
   * Copies a valid preset file, and the evidence beside it, into the user's own folder.
   * @returns the preset
   * @throws InputError if the file is not a valid preset, or its name exists and `isReplacing` is false
   */
  async import(path: string, isReplacing: boolean): Promise<Preset> {
    const text = await readPresetText(path);
    const preset = parsePresetText(path, text);
    const existing = (await this.list()).find((entry) => entry.name.toLowerCase() === preset.name.toLowerCase());
    if (existing !== undefined && !isReplacing) {
      const what = existing.origin === 'own' ? '--force replaces it' : 'it is bundled; --force hides it behind yours';
      throw new InputError(`${path}: a preset called "${existing.name}" exists; ${what}`);
    }
    const evidence = await readEvidence(path);
    await writeTextFile(this.ownPath(preset.name), text);
    await writeEvidence(this.ownPath(preset.name), evidence);
    return preset;
  }

  /** @throws InputError for bundled and unknown presets */
  async remove(name: string): Promise<void> {
    const path = this.pathOf('own', name);
    if (path !== null && (await isFile(path))) {
      try {
        await rm(path);
        return await writeEvidence(path, null);
      } catch (error) {
        throw fileError(error, 'cannot remove', path);
      }
    }
    const bundled = this.pathOf('bundled', name);
    if (bundled !== null && (await isFile(bundled))) {
      throw new InputError(`"${name}" is bundled with the program and cannot be removed; only imported presets can`);
    }
    throw new InputError(`no imported preset is called "${name}"`);
  }

  /** Path for a preset in the user's own folder. @throws InputError for an invalid name */
  ownPath(name: string): string {
    requirePresetName(name);
    return join(this.folders.own, name + PRESET_EXTENSION);
  }

  private pathOf(origin: PresetOrigin, name: string): string | null {
    try {
      requirePresetName(name);
    } catch {
      return null;
    }
    return join(this.folders[origin], name + PRESET_EXTENSION);
  }
}

function looksLikePath(nameOrPath: string): boolean {
  return /[/\\]/.test(nameOrPath) || nameOrPath.toLowerCase().endsWith('.json');
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
