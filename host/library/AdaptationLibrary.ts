import { join } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import {
  adaptationKey,
  type JointAdaptation,
  MAXIMUM_ADAPTATION_BYTES,
  parseAdaptation,
} from '../../engine/model/JointAdaptation.ts';
import { type Preset, presetHash, serializePreset } from '../../engine/model/Preset.ts';
import { writeTextFile } from '../files/writeTextFile.ts';
import { type AdaptationListener, adaptInThread } from '../workers/AdaptationThread.ts';
import { readEvidence, readLimited } from './evidenceFiles.ts';
import type { PresetLibrary } from './PresetLibrary.ts';

const ADAPTATION_EXTENSION = '.adaptation.json';
/** Part of every key. Changes with the learning algorithm, so that adaptations learnt by an older one are not used. */
const LEARNER = 'learner 5';

/** Preset of the background: speech of many other people and noise as one more voice, loaded last. A user's preset of this name replaces it. */
export const BACKGROUND_PRESET = 'background';
/**
 * Temporal prior of the mask network, 0 to 1, with the background. A single frame is poor evidence about unknown voices: with the prior, a
 * voice alone loses 1.0 dB instead of 1.6, for 0.05 dB SI-SDR. Two known voices would lose 0.4 dB by it.
 */
const BACKGROUND_PERSISTENCE = 0.5;

/** A set of speakers and the data needed to adapt their templates jointly. */
export interface AdaptationSource {
  readonly presets: readonly Preset[];
  /** Key of their adaptation, from the presets' hashes in order; null if they cannot be adapted at all. */
  readonly key: string | null;
  /** Texts of the evidence files to learn from, in order, and the temporal prior; null if evidence is missing. */
  readonly adaptable: { readonly evidence: readonly string[]; readonly persistence: number } | null;
  /** Why no adaptation can be learnt; null if one can, or if there is only one speaker. */
  readonly reason: string | null;
}

/** An adaptation and the text of its file. */
export interface KeptAdaptation {
  readonly adaptation: JointAdaptation;
  readonly text: string;
}

/**
 * Joint adaptations on disk, the user's own and bundled ones, found by the hashes of their presets. Learning one needs the evidence of its
 * speakers, using it does not.
 */
export class AdaptationLibrary {
  private readonly library: PresetLibrary;

  constructor(library: PresetLibrary) {
    this.library = library;
  }

  /** @param names preset names or paths, in the order of loading @throws InputError for an unknown or broken preset */
  async source(names: readonly string[]): Promise<AdaptationSource> {
    const presets: Preset[] = [];
    const evidence: string[] = [];
    const missing: string[] = [];
    for (const name of names) {
      const path = await this.library.resolve(name);
      const preset = await this.library.load(path);
      presets.push(preset);
      try {
        const text = await readEvidence(path);
        if (text === null) missing.push(`no evidence is kept of ${preset.name}`);
        else evidence.push(text);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        missing.push(error.message);
      }
    }
    const hashes = presets.map(presetHash);
    if (presets.length < 2) return { presets, key: null, adaptable: null, reason: null };
    if (new Set(hashes).size < hashes.length) {
      return { presets, key: null, adaptable: null, reason: 'two of the speakers are the same voice' };
    }
    const persistence = presets.at(-1)?.name === BACKGROUND_PRESET ? BACKGROUND_PERSISTENCE : 0;
    const learner = persistence > 0 ? [LEARNER, `background, persistence ${persistence}`] : [LEARNER];
    const key = adaptationKey([...learner, ...hashes]);
    if (missing.length > 0) return { presets, key, adaptable: null, reason: missing.join('; ') };
    return { presets, key, adaptable: { evidence, persistence }, reason: null };
  }

  /** @returns null if no adaptation of these speakers is stored, or its file is damaged */
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
   * Returns the stored adaptation of these speakers, or learns and stores one in a worker thread.
   * @returns null if they cannot be adapted
   * @throws InputError for speakers that cannot be loaded together; the signal's reason if cancelled
   */
  async adapt(source: AdaptationSource, listener: AdaptationListener): Promise<KeptAdaptation | null> {
    const { presets, key, adaptable } = source;
    const kept = await this.find(source);
    if (kept !== null || key === null || adaptable === null) return kept;
    const text = await adaptInThread({ presets: presets.map(serializePreset), key, ...adaptable }, listener);
    // If the folder cannot be written to, the adaptation is learnt again next time.
    await writeTextFile(adaptationPath(this.library.ownFolder, key), text).catch(() => {});
    return { text, adaptation: parseAdaptation(text, key) };
  }

  /**
   * Copies an adaptation file into the library.
   * @param source the speakers it was learnt for, in the same order
   * @throws InputError if it is not an adaptation file, or was learnt for other speakers
   */
  async import({ key, reason }: AdaptationSource, path: string): Promise<KeptAdaptation> {
    if (key === null)
      throw new InputError(`${path} cannot be an adaptation of these speakers: ${reason ?? 'there is only one'}`);
    const text = await readLimited(path, MAXIMUM_ADAPTATION_BYTES);
    if (text === null) throw new InputError(`cannot read ${path}: does not exist`);
    let adaptation: JointAdaptation;
    try {
      adaptation = parseAdaptation(text, key);
    } catch (error) {
      throw error instanceof InputError ? new InputError(`${path}: ${error.message}`) : error;
    }
    await writeTextFile(adaptationPath(this.library.ownFolder, key), text);
    return { text, adaptation };
  }
}

function adaptationPath(folder: string, key: string): string {
  return join(folder, 'adaptations', key + ADAPTATION_EXTENSION);
}

/** Path of an adaptation stored by version 0.1; still read. */
function legacyAdaptationPath(folder: string, key: string): string {
  return join(folder, 'scenes', `${key}.scene.json`);
}
