import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import { nameKey } from '../../engine/core/fileName.ts';
import { MAXIMUM_PRESET_BYTES, type Preset, parsePreset, presetHash } from '../../engine/model/Preset.ts';
import { isSameName, nameProblem, type PresetName, presetName } from '../../engine/model/PresetName.ts';
import { fileError } from '../files/fileErrors.ts';
import { isSameFile, replacementNotice, requireOutputs } from '../files/outputs.ts';
import { packageRoot } from '../files/packageRoot.ts';
import { presetsFolder } from '../files/userFolders.ts';
import { evidencePath, readEvidence } from './evidenceFiles.ts';
import { NameTakenError } from './NameTakenError.ts';
import { nearestName } from './nearestName.ts';
import type { PresetPath } from './PresetPath.ts';
import { writePreset } from './writePreset.ts';

export const PRESET_EXTENSION = '.unmingle.json';

/** `file`: outside the library, given on the command line. `found`: of a voice that a live session has found, in memory only. */
export type PresetOrigin = 'bundled' | 'own' | 'file' | 'found';

/** A preset file of the library. A damaged one is listed with its `problem`. */
export interface PresetEntry {
  /** The file's name without its extension. If it is not a valid preset name, the entry has a problem. */
  readonly name: string;
  readonly origin: PresetOrigin;
  readonly path: string;
  readonly preset: Preset | null;
  readonly problem: string | null;
}

/** A preset that has been read from its file, or was found. */
export interface PresetFile {
  /** Name by which the library finds it. */
  readonly name: PresetName;
  readonly origin: PresetOrigin;
  /** Empty if it was found. */
  readonly path: string;
  readonly preset: Preset;
  /** Text of the evidence of a preset that was found, null: there is none. @default that of the file beside the preset */
  readonly evidence?: string | null;
}

/** A preset that has been added to the user's own folder. */
export interface AddedPreset extends PresetFile {
  /** What the addition has replaced or hidden, one line each. */
  readonly remarks: readonly string[];
  /** One line about evidence that was removed, because it belonged to the replaced preset; null: none was. */
  readonly removedEvidence: string | null;
}

export interface AddingOptions {
  /** Text of the preset's evidence file; null: none is known, and evidence of the same weights in the library stays. */
  readonly evidence: string | null;
  /** Whether a preset of the same name may be replaced or hidden. */
  readonly isReplacing: boolean;
  /** Whether evidence of the same weights is removed if `evidence` is null. @default false */
  readonly isEvidenceRefused?: boolean;
  /** Files that the texts were read from, which are not replaced. @default none */
  readonly inputs?: readonly string[];
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
 * Presets on disk, one file each; the user's own take precedence over bundled ones. The file name is the preset's name; neither case nor
 * Unicode normal form distinguishes two names (`isSameName`). Methods that have a name as parameter read files of the library only, never
 * of the working directory.
 */
export class PresetLibrary {
  private readonly folders: PresetFolders;
  private readonly files: Map<string, PresetFile>;

  /** @param files presets outside the folders that are found by their names, see `withFiles` */
  constructor(folders: PresetFolders = presetFolders(), files: readonly PresetFile[] = []) {
    this.folders = folders;
    this.files = new Map(files.map((file) => [nameKey(file.name), file]));
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
    const entries: PresetEntry[] = [...this.files.values()].map((file) => ({ ...file, problem: null }));
    for (const origin of ORIGINS) {
      const hiding = new Set(entries.map(({ name }) => nameKey(name)));
      for (const path of await presetPaths(this.folders[origin])) {
        const name = nameOf(path);
        if (!hiding.has(nameKey(name))) entries.push(await readEntry(name, origin, path));
      }
    }
    return entries.sort((one, other) => one.name.localeCompare(other.name, 'en'));
  }

  /** Finds a preset by its name that exists in memory only, until `release`. Replaces the one that it has held by this name. */
  hold(file: PresetFile): void {
    this.files.set(nameKey(file.name), file);
  }

  /** Forgets a preset of `hold`. */
  release(name: PresetName): void {
    this.files.delete(nameKey(name));
  }

  /** @throws InputError if the library has no preset of this name, or its file is invalid */
  async byName(name: PresetName): Promise<PresetFile> {
    const file = await this.find(name);
    if (file !== null) return file;
    throw new InputError(`no preset is called "${name}" (${await this.namesText(name)})`);
  }

  /** The preset that was probably meant by an unknown name, or else the names of all, for messages. */
  async namesText(wanted: string): Promise<string> {
    const names = (await this.list()).map(({ name }) => name);
    const nearest = nearestName(wanted, names);
    if (nearest !== null) return `did you mean "${nearest}"?`;
    return names.length === 0 ? 'the library is empty' : `there are: ${names.join(', ')}`;
  }

  /** @returns null if the library has no preset of this name @throws InputError if its file is invalid */
  async find(name: PresetName): Promise<PresetFile | null> {
    const file = this.files.get(nameKey(name));
    if (file !== undefined) return file;
    for (const origin of ORIGINS) {
      const path = await this.locate(origin, name);
      if (path !== null) return { name: presetName(nameOf(path)), origin, path, preset: await readPresetFile(path) };
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
        ({ name, preset }) => isSameName(name, file.name) && presetHash(preset) !== presetHash(file.preset),
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
  async import(path: PresetPath, isReplacing: boolean): Promise<AddedPreset> {
    const text = await readPresetText(path);
    parsePresetText(path, text);
    const evidence = await readEvidence(path);
    try {
      return await this.add(text, { evidence, isReplacing, inputs: [path, evidencePath(path)] });
    } catch (error) {
      if (error instanceof NameTakenError) throw new NameTakenError(error.takenName, `${path}: ${error.message}`);
      throw error;
    }
  }

  /**
   * Writes a preset and its evidence into the user's own folder.
   * @param text of a preset file
   * @throws InputError if `text` is not a valid preset, or cannot be written; NameTakenError as `requireAddable`
   */
  async add(text: string, options: AddingOptions): Promise<AddedPreset> {
    const { evidence, isEvidenceRefused = false, inputs = [] } = options;
    const preset = parsePreset(text);
    const name = presetName(preset.name);
    const taken = await this.findTaken(name);
    for (const input of inputs) {
      if (taken !== null && (await isSameFile(input, taken.path))) {
        throw new InputError(`${input}: is in your library already, as "${taken.name}"`);
      }
    }
    const existing = await this.replaceable(name, taken, options);
    const replaced = taken?.origin === 'own' ? taken : null;
    const isSame = replaced?.preset != null && presetHash(replaced.preset) === presetHash(preset);
    const path = this.ownPath(name);
    const isKept = evidence === null && isSame && !isEvidenceRefused;
    const removedPath = await writePreset(
      path,
      { preset: text, evidence: isKept ? 'kept' : evidence },
      options.isReplacing ? (replaced?.path ?? path) : null,
    );
    const replacedPaths = existing.filter((old) => old !== removedPath && !(isKept && old === evidencePath(path)));
    const removedEvidence =
      removedPath === null ? null : `the evidence of the replaced preset was removed: ${removedPath}`;
    return { name, origin: 'own', path, preset, remarks: replacementRemarks(taken, replacedPaths), removedEvidence };
  }

  /**
   * Decides, before any work, whether a preset of this name may be added to the user's own folder.
   * @returns what it would replace or hide, one line each
   * @throws NameTakenError if the name exists, also as that of a bundled preset, and `isReplacing` is false; InputError if its files cannot
   * be written
   */
  async requireAddable(
    name: PresetName,
    options: Pick<AddingOptions, 'isReplacing' | 'inputs'>,
  ): Promise<readonly string[]> {
    const taken = await this.findTaken(name);
    return replacementRemarks(taken, await this.replaceable(name, taken, options));
  }

  /** @returns the preset that a preset of this name would replace or hide; null if there is none */
  async findTaken(name: PresetName): Promise<PresetEntry | null> {
    const same = (await this.list()).filter((entry) => isSameName(entry.name, name));
    return same.find((entry) => entry.name === name) ?? same[0] ?? null;
  }

  /** @throws InputError for bundled and unknown presets */
  async remove(name: PresetName): Promise<void> {
    const path = await this.locate('own', name);
    if (path !== null) {
      try {
        await rm(path);
        await rm(evidencePath(path), { force: true });
        return;
      } catch (error) {
        throw fileError(error, 'cannot remove', path);
      }
    }
    if ((await this.locate('bundled', name)) !== null) {
      throw new InputError(`"${name}" is bundled with the program and cannot be removed; only imported presets can`);
    }
    const own = (await presetPaths(this.folders.own)).map(nameOf);
    const nearest = nearestName(name, own);
    throw new InputError(
      `no imported preset is called "${name}"${nearest === null ? '' : `; did you mean "${nearest}"?`}`,
    );
  }

  /** Path for a preset in the user's own folder. */
  ownPath(name: PresetName): string {
    return join(this.folders.own, name + PRESET_EXTENSION);
  }

  /** @param taken preset of the same name @returns paths of the files that are replaced @throws as `requireAddable` */
  private async replaceable(
    name: PresetName,
    taken: PresetEntry | null,
    { isReplacing, inputs = [] }: Pick<AddingOptions, 'isReplacing' | 'inputs'>,
  ): Promise<string[]> {
    if (taken !== null && !isReplacing) {
      const what = taken.origin === 'own' ? '--force replaces it' : 'it is bundled; --force hides it behind yours';
      throw new NameTakenError(taken.name, `a preset called "${taken.name}" exists; ${what}`);
    }
    const path = this.ownPath(name);
    const rules = { inputs, isReplacing, alternative: 'choose another name' };
    const existing = await requireOutputs([path, evidencePath(path)], rules);
    const isElsewhere = taken?.origin === 'own' && !existing.includes(taken.path);
    return isElsewhere ? [taken.path, ...existing] : existing;
  }

  /** @returns path of the file of this name; one that differs in case or normal form only if there is no other */
  private async locate(origin: keyof PresetFolders, name: PresetName): Promise<string | null> {
    const paths = (await presetPaths(this.folders[origin])).filter((path) => isSameName(nameOf(path), name));
    const inOrder = [...paths.filter((path) => nameOf(path) === name), ...paths];
    for (const path of inOrder) if (await isFile(path)) return path;
    return null;
  }
}

/** @returns what a preset hides and replaces, one line each */
function replacementRemarks(taken: PresetEntry | null, replacedPaths: readonly string[]): string[] {
  const hidden = taken?.origin === 'bundled' ? `--force hides the bundled preset "${taken.name}" behind yours` : null;
  return [hidden, replacementNotice(replacedPaths)].filter((line) => line !== null);
}

/** In order of precedence. */
const ORIGINS: readonly (keyof PresetFolders)[] = ['own', 'bundled'];

/** @returns the file's name without its extension, in Unicode normal form C: macOS may store it decomposed */
function nameOf(path: string): string {
  return basename(path).slice(0, -PRESET_EXTENSION.length).normalize('NFC');
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
  const nameFault = nameProblem(name);
  if (nameFault !== null) {
    return { name, origin, path, preset: null, problem: `${path}: the file's name ${nameFault}` };
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
