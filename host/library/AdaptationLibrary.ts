import { join } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import { adaptationRecipe } from '../../engine/model/adaptationRecipe.ts';
import { type JointAdaptation, MAXIMUM_ADAPTATION_BYTES, parseAdaptation } from '../../engine/model/JointAdaptation.ts';
import { type Preset, serializePreset } from '../../engine/model/Preset.ts';
import { requireOutputs } from '../files/outputs.ts';
import { writeTextFile } from '../files/writeTextFile.ts';
import { type AdaptationListener, adaptInThread } from '../workers/AdaptationThread.ts';
import { readEvidence, readLimited } from './evidenceFiles.ts';
import type { PresetFile, PresetLibrary } from './PresetLibrary.ts';

const ADAPTATION_EXTENSION = '.adaptation.json';

/** A set of speakers and the data needed to adapt their templates jointly. */
export interface AdaptationSource {
  readonly presets: readonly Preset[];
  /** Key of their adaptation, from the hashes of the presets in order; null if they cannot have one. */
  readonly key: string | null;
  /** Evidence to learn from, one text per speaker; null if they cannot be adapted. */
  readonly adaptable: { readonly evidence: readonly string[]; readonly persistence: number } | null;
  /** Why they cannot be adapted; null if they can, or if there is only one speaker. */
  readonly reason: string | null;
  /** Whether its adaptation is stored: not if one of the voices exists in memory only. @default true */
  readonly isStored?: boolean;
}

/** An adaptation and the text of its file. */
export interface KeptAdaptation {
  readonly adaptation: JointAdaptation;
  readonly text: string;
}

/** An adaptation that has been copied into the library. */
export interface ImportedAdaptation extends KeptAdaptation {
  /** Files that it has replaced. */
  readonly replacedPaths: readonly string[];
}

/**
 * Joint adaptations on disk, the user's own and bundled ones, found by the hashes of the presets. Learning one
 * requires the speakers' evidence; using it does not.
 */
export class AdaptationLibrary {
  private readonly library: PresetLibrary;

  constructor(library: PresetLibrary) {
    this.library = library;
  }

  /** Reads the evidence beside the presets. @param files of the speakers, in order */
  async source(files: readonly PresetFile[]): Promise<AdaptationSource> {
    const presets = files.map(({ preset }) => preset);
    const evidence: string[] = [];
    const missing: string[] = [];
    for (const { path, preset, evidence: held } of files) {
      try {
        const text = held === undefined ? await readEvidence(path) : held;
        if (text === null) missing.push(`${preset.name} has no evidence file`);
        else evidence.push(text);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        missing.push(error.message);
      }
    }
    const recipe = adaptationRecipe(presets);
    if (recipe === null) {
      const reason = presets.length < 2 ? null : 'two of the speakers are the same voice';
      return { presets, key: null, adaptable: null, reason };
    }
    const { key, persistence } = recipe;
    if (missing.length > 0) return { presets, key, adaptable: null, reason: missing.join('; ') };
    const isStored = files.every(({ origin }) => origin !== 'found');
    return { presets, key, adaptable: { evidence, persistence }, reason: null, isStored };
  }

  /** @returns the stored adaptation; null if there is none, or its file is damaged */
  async find({ key }: AdaptationSource): Promise<KeptAdaptation | null> {
    if (key === null) return null;
    const { ownFolder, bundledFolder } = this.library;
    for (const path of [
      adaptationPath(ownFolder, key),
      legacyAdaptationPath(ownFolder, key),
      adaptationPath(bundledFolder, key),
    ]) {
      try {
        const text = await readLimited(path, MAXIMUM_ADAPTATION_BYTES);
        if (text !== null) return { text, adaptation: parseAdaptation(text, key) };
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
      }
    }
    return null;
  }

  /**
   * Returns the stored adaptation, or learns it in a worker thread and stores it, unless a voice exists in memory only.
   * @returns null if the speakers cannot be adapted
   * @throws InputError for speakers that cannot be loaded together; the abort reason of the signal when cancelled
   */
  async adapt(source: AdaptationSource, listener: AdaptationListener): Promise<KeptAdaptation | null> {
    const { presets, key, adaptable, isStored = true } = source;
    const kept = await this.find(source);
    if (kept !== null || key === null || adaptable === null) return kept;
    const text = await adaptInThread({ presets: presets.map(serializePreset), key, ...adaptable }, listener);
    // If it cannot be stored, it is learnt again next time.
    if (isStored) await writeTextFile(adaptationPath(this.library.ownFolder, key), text, 'replace').catch(() => {});
    return { text, adaptation: parseAdaptation(text, key) };
  }

  /**
   * Copies an adaptation file into the library.
   * @param source the speakers it was learnt for, in the same order
   * @param isReplacing whether another adaptation of these speakers may be replaced, which may have been learnt from evidence that is gone
   * @throws InputError for a file that is invalid, or was learnt for other speakers, and for another adaptation if `isReplacing` is false
   */
  async import({ key, reason }: AdaptationSource, path: string, isReplacing = false): Promise<ImportedAdaptation> {
    if (key === null) throw new InputError(`${path} cannot be imported: ${reason ?? 'there is only one speaker'}`);
    const text = await readLimited(path, MAXIMUM_ADAPTATION_BYTES);
    if (text === null) throw new InputError(`cannot read ${path}: does not exist`);
    let adaptation: JointAdaptation;
    try {
      adaptation = parseAdaptation(text, key);
    } catch (error) {
      throw error instanceof InputError ? new InputError(`${path}: ${error.message}`) : error;
    }
    const ownPath = adaptationPath(this.library.ownFolder, key);
    if ((await readLimited(ownPath, MAXIMUM_ADAPTATION_BYTES)) === text) return { text, adaptation, replacedPaths: [] };
    const alternative = 'use the adaptation of these voices that your library has';
    const replacedPaths = await requireOutputs([ownPath], { inputs: [path], isReplacing, alternative });
    await writeTextFile(ownPath, text, isReplacing ? 'replace' : 'create');
    return { text, adaptation, replacedPaths };
  }
}

/** Form of the keys that `adaptationKey` returns: a SHA-256 in hexadecimal. It becomes part of a path. */
const KEY_PATTERN = /^[0-9a-f]{64}$/;

function adaptationPath(folder: string, key: string): string {
  if (!KEY_PATTERN.test(key)) throw new InputError(`key must be one of adaptationKey, got ${JSON.stringify(key)}`);
  return join(folder, 'adaptations', key + ADAPTATION_EXTENSION);
}

/** Path that version 0.1 wrote; still read. */
function legacyAdaptationPath(folder: string, key: string): string {
  return join(folder, 'scenes', `${key}.scene.json`);
}
