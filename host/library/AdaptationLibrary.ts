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
/** Changes whenever the same evidence would be learnt from in another way, so that what is kept is learnt anew. */
const LEARNER = 'learner 5';

/** Speech of many others and noise, as one more voice, loaded last. A user's own preset of this name stands for it. */
export const BACKGROUND_PRESET = 'background';
/**
 * Voices that were never heard are told apart badly in a single frame, so the last moments count: of a voice alone 1.0 dB is lost
 * instead of 1.6, for 0.05 dB SI-SDR. Two known voices lose 0.4 dB by it.
 */
const BACKGROUND_PERSISTENCE = 0.5;

/** Speakers to load together, and what can be learnt of their togetherness. */
export interface AdaptationSource {
  readonly presets: readonly Preset[];
  /** What an adaptation of theirs is kept by: the presets' hashes, in order. null where there can be none. */
  readonly key: string | null;
  /** What it is learnt from. null: it cannot be. */
  readonly adaptable: { readonly evidence: readonly string[]; readonly persistence: number } | null;
  /** Why it cannot be learnt; null where it can, or there is only one speaker. */
  readonly reason: string | null;
}

/** An adaptation, and the file it is kept in. */
export interface KeptAdaptation {
  readonly adaptation: JointAdaptation;
  readonly text: string;
}

/**
 * Adaptations of speakers that were loaded together, kept by the hashes of their presets: the user's own, and bundled ones. Evidence is
 * needed to learn them, not to use them.
 */
export class AdaptationLibrary {
  private readonly library: PresetLibrary;

  constructor(library: PresetLibrary) {
    this.library = library;
  }

  /** @param names of presets, or paths @throws InputError for presets that are none */
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
    const persistence = presets.at(-1)!.name === BACKGROUND_PRESET ? BACKGROUND_PERSISTENCE : 0;
    const learner = persistence > 0 ? [LEARNER, `background, persistence ${persistence}`] : [LEARNER];
    const key = adaptationKey([...learner, ...hashes]);
    if (missing.length > 0) return { presets, key, adaptable: null, reason: missing.join('; ') };
    return { presets, key, adaptable: { evidence, persistence }, reason: null };
  }

  /** @returns null where these speakers have not been adapted before, or the file is damaged */
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
   * Adapts the speakers, in a thread of its own, unless that has been done before.
   * @returns null where they cannot be adapted
   * @throws InputError for speakers that cannot be loaded together; the signal's reason when cancelled
   */
  async adapt(source: AdaptationSource, listener: AdaptationListener): Promise<KeptAdaptation | null> {
    const { presets, key, adaptable } = source;
    const kept = await this.find(source);
    if (kept !== null || key === null || adaptable === null) return kept;
    const text = await adaptInThread({ presets: presets.map(serializePreset), key, ...adaptable }, listener);
    // A folder that cannot be written to costs time the next time, nothing else.
    await writeTextFile(adaptationPath(this.library.ownFolder, key), text).catch(() => {});
    return { text, adaptation: parseAdaptation(text, key) };
  }

  /**
   * Copies a speaker set's file into the library.
   * @param source the speakers it is of, in the same order
   * @throws InputError for a file that is none, or of others
   */
  async import({ key, reason }: AdaptationSource, path: string): Promise<KeptAdaptation> {
    if (key === null) throw new InputError(`${path} cannot be of these speakers: ${reason ?? 'there is only one'}`);
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

/** Where version 0.1 kept adaptations. They are still read. */
function legacyAdaptationPath(folder: string, key: string): string {
  return join(folder, 'scenes', `${key}.scene.json`);
}
