import { rename as moveFile } from 'node:fs/promises';
import { InputError } from '../../engine/core/errors.ts';
import { nameKey } from '../../engine/core/fileName.ts';
import { parsePreset, serializePreset } from '../../engine/model/Preset.ts';
import { isSameName, type PresetName, presetName } from '../../engine/model/PresetName.ts';
import { fileError } from '../files/fileErrors.ts';
import { isSameFile, pathExists } from '../files/outputs.ts';
import { writeTextFile } from '../files/writeTextFile.ts';
import { evidencePath, readEvidence } from '../library/evidenceFiles.ts';
import { NameTakenError } from '../library/NameTakenError.ts';
import type { PresetEntry, PresetFile, PresetLibrary } from '../library/PresetLibrary.ts';
import { listedPresets } from './liveSettings.ts';
import type { SessionState } from './SessionState.ts';

interface DeletedPreset {
  readonly name: PresetName;
  readonly text: string;
  readonly evidence: string | null;
}

/**
 * Changes the preset library on behalf of panels and shows the result in the session's state. Presets deleted in this session can be
 * restored. Bundled presets cannot be changed.
 */
export class PresetManager {
  private readonly library: PresetLibrary;
  private readonly state: SessionState;
  private readonly onNotice: (text: string) => void;
  /** Texts of the preset file and of its evidence file, by the key of the name. */
  private readonly deleted = new Map<string, DeletedPreset>();

  /** @param onNotice one line for the user about files that were removed */
  constructor(library: PresetLibrary, state: SessionState, onNotice: (text: string) => void) {
    this.library = library;
    this.state = state;
    this.onNotice = onNotice;
  }

  /** @returns the text of the preset file @throws InputError for an unknown or broken preset */
  async read(name: PresetName): Promise<string> {
    return serializePreset((await this.library.byName(name)).preset);
  }

  /**
   * @param text of a preset file
   * @param evidence text of its evidence file; null: none is known, and that of a preset of the same weights stays
   * @returns the preset's name
   * @throws InputError if `text` is not a valid preset, or its name is that of a file of the command line; NameTakenError if another preset
   * has this name and `isReplacing` is false
   */
  async add(text: string, isReplacing: boolean, evidence: string | null = null): Promise<PresetName> {
    const preset = parsePreset(text);
    const name = presetName(preset.name);
    const existing = await this.library.findTaken(name);
    if (existing?.origin === 'file') throw fromCommandLine(name);
    if (existing !== null && !isReplacing) throw taken(existing);
    const { removedEvidence } = await this.library.add(serializePreset(preset), { evidence, isReplacing });
    if (removedEvidence !== null) this.onNotice(removedEvidence);
    await this.show();
    return name;
  }

  /** @throws NameTakenError if a preset of that name exists, whatever its case; InputError if its files cannot be written */
  async requireFree(name: PresetName): Promise<void> {
    const existing = await this.library.findTaken(name);
    if (existing !== null) throw taken(existing);
    await this.library.requireAddable(name, { isReplacing: false });
  }

  /** @throws InputError for an unknown or bundled preset, or if `newName` is taken */
  async rename(name: PresetName, newName: PresetName): Promise<void> {
    const { preset, path: from } = await this.requireOwn(name);
    if (!isSameName(newName, name)) await this.requireFree(newName);
    const to = this.library.ownPath(newName);
    for (const path of [to, evidencePath(to)]) {
      const isOther = pathExists(path) && !(await isSameFile(path, path === to ? from : evidencePath(from)));
      if (isOther) throw new InputError(`cannot rename "${name}": ${path} already exists`);
    }
    // The file is renamed, not copied and removed: on a file system that ignores case, both names may be the same file.
    await writeTextFile(from, serializePreset({ ...preset, name: newName }), 'replace');
    try {
      await moveFile(from, to);
      await moveFile(evidencePath(from), evidencePath(to)).catch(ignoreMissing);
    } catch (error) {
      throw fileError(error, 'cannot rename', from);
    }
    await this.show();
  }

  /** @throws InputError for an unknown or bundled preset */
  async delete(name: PresetName): Promise<void> {
    const { path, preset, name: ownName } = await this.requireOwn(name);
    // Evidence that is damaged cannot be restored.
    const evidence = await readEvidence(path).catch(() => null);
    const deleted = { name: ownName, text: serializePreset({ ...preset, name: ownName }), evidence };
    await this.library.remove(ownName);
    this.deleted.set(nameKey(ownName), deleted);
    await this.show();
  }

  /** @throws InputError if it was not deleted in this session */
  async restore(name: PresetName): Promise<void> {
    const deleted = this.deleted.get(nameKey(name));
    if (deleted === undefined) throw new InputError(`no preset called "${name}" has been deleted in this session`);
    await this.add(deleted.text, false, deleted.evidence);
    this.deleted.delete(nameKey(name));
    this.state.update({ deletedPresets: this.deletedNames });
  }

  /** Makes a preset that was found available by its name, in memory. */
  async hold(file: PresetFile): Promise<void> {
    this.library.hold(file);
    await this.show();
  }

  /** Publishes the presets of the library, as they are now. */
  async show(): Promise<void> {
    this.state.update({ presets: listedPresets(await this.library.list()), deletedPresets: this.deletedNames });
  }

  /**
   * Adds a preset that was found to the library.
   * @throws InputError if it was not found in this session; NameTakenError if another preset has the new name
   */
  async keep(preset: PresetName, name: PresetName): Promise<void> {
    const file = await this.library.byName(preset);
    if (file.origin !== 'found') throw new InputError(`"${preset}" is not a voice that was found in this session`);
    this.library.release(file.name);
    try {
      await this.add(serializePreset({ ...file.preset, name }), false, file.evidence ?? null);
    } catch (error) {
      this.library.hold(file);
      throw error;
    }
  }

  private get deletedNames(): string[] {
    return [...this.deleted.values()].map(({ name }) => name);
  }

  /** @throws InputError for an unknown preset, or one that is not the user's own */
  private async requireOwn(name: PresetName): Promise<PresetFile> {
    const file = await this.library.byName(name);
    if (file.origin === 'file') throw fromCommandLine(name);
    if (file.origin === 'found') {
      throw new InputError(`"${name}" was found in this session and is forgotten at its end; keep it to change it`);
    }
    if (file.origin === 'bundled') throw new InputError(`"${name}" is bundled with the program and cannot be changed`);
    return file;
  }
}

function taken({ name }: PresetEntry): NameTakenError {
  return new NameTakenError(name, `a preset called "${name}" exists`);
}

function fromCommandLine(name: PresetName): InputError {
  return new InputError(`"${name}" was loaded from a file of the command line and cannot be changed here`);
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
