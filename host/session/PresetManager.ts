import { rename as moveFile } from 'node:fs/promises';
import { InputError } from '../../engine/core/errors.ts';
import { type Preset, parsePreset, serializePreset } from '../../engine/model/Preset.ts';
import { fileError } from '../files/fileErrors.ts';
import { writeTextFile } from '../files/writeTextFile.ts';
import { evidencePath, readEvidence, writeEvidence } from '../library/evidenceFiles.ts';
import type { PresetLibrary } from '../library/PresetLibrary.ts';
import { listedPresets } from './liveSettings.ts';
import type { SessionState } from './SessionState.ts';

/**
 * Changes the preset library on behalf of panels and shows the result in the session's state. Presets deleted in this session can be
 * restored. Bundled presets cannot be changed.
 */
export class PresetManager {
  private readonly library: PresetLibrary;
  private readonly state: SessionState;
  /** By name: texts of the preset file and of its evidence file. */
  private readonly deleted = new Map<string, { readonly text: string; readonly evidence: string | null }>();

  constructor(library: PresetLibrary, state: SessionState) {
    this.library = library;
    this.state = state;
  }

  /** @returns the text of the preset file @throws InputError for an unknown or broken preset */
  async read(name: string): Promise<string> {
    return serializePreset(await this.library.load(name));
  }

  /**
   * @param text of a preset file
   * @param evidence text of its evidence file; null: none
   * @throws InputError if `text` is not a valid preset, or if a preset of this name exists and `isReplacing` is false
   */
  async add(text: string, isReplacing: boolean, evidence: string | null = null): Promise<Preset> {
    const preset = parsePreset(text);
    if (!isReplacing) await this.requireFree(preset.name);
    await writeTextFile(this.library.ownPath(preset.name), serializePreset(preset));
    await writeEvidence(this.library.ownPath(preset.name), evidence);
    await this.show();
    return preset;
  }

  /** @throws InputError if a preset of that name exists; upper and lower case count as the same */
  async requireFree(name: string): Promise<void> {
    const existing = (await this.library.list()).find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (existing !== undefined) throw new InputError(`a preset called "${existing.name}" exists`);
  }

  /** @throws InputError for an unknown or bundled preset, or if `newName` is taken */
  async rename(name: string, newName: string): Promise<void> {
    const preset = await this.library.load(name);
    await this.requireOwn(name);
    if (newName.toLowerCase() !== name.toLowerCase()) await this.requireFree(newName);
    const [from, to] = [this.library.ownPath(name), this.library.ownPath(newName)];
    // The file is renamed, not copied and removed: on a file system that ignores case, both names may be the same file.
    await writeTextFile(from, serializePreset({ ...preset, name: newName }));
    try {
      await moveFile(from, to);
      await moveFile(evidencePath(from), evidencePath(to)).catch(ignoreMissing);
    } catch (error) {
      throw fileError(error, 'cannot rename', from);
    }
    await this.show();
  }

  /** @throws InputError for an unknown or bundled preset */
  async delete(name: string): Promise<void> {
    await this.requireOwn(name);
    const deleted = { text: await this.read(name), evidence: await this.evidence(name) };
    await this.library.remove(name);
    this.deleted.set(name, deleted);
    await this.show();
  }

  /** @throws InputError if it was not deleted in this session */
  async restore(name: string): Promise<void> {
    const deleted = this.deleted.get(name);
    if (deleted === undefined) throw new InputError(`no preset called "${name}" has been deleted in this session`);
    await this.add(deleted.text, false, deleted.evidence);
    this.deleted.delete(name);
    this.state.update({ deletedPresets: this.deletedNames });
  }

  private async show(): Promise<void> {
    this.state.update({ presets: listedPresets(await this.library.list()), deletedPresets: this.deletedNames });
  }

  private get deletedNames(): string[] {
    return [...this.deleted.keys()];
  }

  /** @returns the text of the evidence file; null if it is missing or broken */
  private async evidence(name: string): Promise<string | null> {
    return readEvidence(await this.library.resolve(name)).catch(() => null);
  }

  private async requireOwn(name: string): Promise<void> {
    const entry = (await this.library.list()).find((each) => each.name === name);
    if (entry?.origin === 'bundled')
      throw new InputError(`"${name}" is bundled with the program and cannot be changed`);
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
