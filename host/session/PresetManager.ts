import { rename as moveFile } from 'node:fs/promises';
import { InputError } from '../../engine/core/errors.ts';
import { type Preset, parsePreset, serializePreset } from '../../engine/model/Preset.ts';
import { fileError } from '../files/fileErrors.ts';
import { writeTextFile } from '../files/writeTextFile.ts';
import { evidencePath, readEvidence, writeEvidence } from '../library/evidenceFiles.ts';
import type { PresetLibrary } from '../library/PresetLibrary.ts';
import type { ListedPreset } from '../protocol/LiveState.ts';
import { listedPresets } from './liveSettings.ts';

/** The library as a panel uses it: renames, deletes and brings back what was deleted in this session. Bundled presets stay as they are. */
export class PresetManager {
  private readonly library: PresetLibrary;
  private readonly deleted = new Map<string, { readonly text: string; readonly evidence: string | null }>();

  constructor(library: PresetLibrary) {
    this.library = library;
  }

  /** What can be brought back. */
  get deletedNames(): string[] {
    return [...this.deleted.keys()];
  }

  async list(): Promise<ListedPreset[]> {
    return listedPresets(await this.library.list());
  }

  /** @returns the preset file's text @throws InputError for an unknown or broken preset */
  async read(name: string): Promise<string> {
    return serializePreset(await this.library.load(name));
  }

  /** @param evidence text of the evidence's file @throws InputError for what is no preset, or one of its name exists and `isReplacing` is false */
  async add(text: string, isReplacing: boolean, evidence: string | null = null): Promise<Preset> {
    const preset = parsePreset(text);
    if (!isReplacing) await this.requireFree(preset.name);
    await writeTextFile(this.library.ownPath(preset.name), serializePreset(preset));
    await writeEvidence(this.library.ownPath(preset.name), evidence);
    return preset;
  }

  /** @throws InputError where a preset of that name, upper and lower case alike, exists */
  async requireFree(name: string): Promise<void> {
    const taken = (await this.list()).find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (taken !== undefined) throw new InputError(`a preset called "${taken.name}" exists`);
  }

  /** @throws InputError for an unknown or bundled preset, or a name that is taken */
  async rename(name: string, wanted: string): Promise<void> {
    const preset = await this.library.load(name);
    await this.requireOwn(name);
    if (wanted.toLowerCase() !== name.toLowerCase()) await this.requireFree(wanted);
    const [from, to] = [this.library.ownPath(name), this.library.ownPath(wanted)];
    // Renamed, not written anew and removed: where upper and lower case name the same file, that would remove both.
    await writeTextFile(from, serializePreset({ ...preset, name: wanted }));
    try {
      await moveFile(from, to);
      await moveFile(evidencePath(from), evidencePath(to)).catch(ignoreMissing);
    } catch (error) {
      throw fileError(error, 'cannot rename', from);
    }
  }

  /** @throws InputError for an unknown or bundled preset */
  async delete(name: string): Promise<void> {
    await this.requireOwn(name);
    const kept = { text: await this.read(name), evidence: await this.evidence(name) };
    await this.library.remove(name);
    this.deleted.set(name, kept);
  }

  /** @throws InputError where it was not deleted in this session */
  async restore(name: string): Promise<void> {
    const kept = this.deleted.get(name);
    if (kept === undefined) throw new InputError(`no preset called "${name}" has been deleted in this session`);
    await this.add(kept.text, false, kept.evidence);
    this.deleted.delete(name);
  }

  /** A broken one is as good as none. */
  private async evidence(name: string): Promise<string | null> {
    return readEvidence(await this.library.resolve(name)).catch(() => null);
  }

  private async requireOwn(name: string): Promise<void> {
    const listed = (await this.list()).find((each) => each.name === name);
    if (listed !== undefined && !listed.isOwn) throw new InputError(`"${name}" is bundled and stays as it is`);
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
