import { type RecognitionLimits, recognizeVoices } from '../../engine/diarization/recognizeVoices.ts';
import { EMBEDDING_DIMENSIONS, EMBEDDING_NETWORK_VERSION } from '../../engine/embedding/EmbeddingNetwork.ts';
import type { Preset } from '../../engine/model/Preset.ts';
import { isSameName, type PresetName, presetName } from '../../engine/model/PresetName.ts';
import { embeddingVector } from '../../engine/model/SpeakerEmbedding.ts';
import type { PresetLibrary } from '../library/PresetLibrary.ts';
import type { HeardVoice } from './VoiceFinder.ts';

/** Somebody whom a voice may be recognised as. */
export interface KnownPerson {
  readonly name: PresetName;
  /** Embedding of unit length. */
  readonly vector: Float32Array;
  readonly preset: Preset;
  readonly isLoaded: boolean;
}

/**
 * Whoever is loaded is expected to speak, so that less certainty will do: a stranger who is taken for them gets no strip, and somebody who
 * is not recognised gets a second one.
 */
const LOADED_LIMITS: RecognitionLimits = { leastSimilarity: 0.9, leastLead: 0.02 };

/**
 * Reads who can be recognised: the people of the user's own presets, those of voices that were found before, and all who are loaded.
 * @param loaded names of the loaded presets
 */
export async function knownPeople(
  library: Pick<PresetLibrary, 'list'>,
  loaded: readonly PresetName[],
): Promise<KnownPerson[]> {
  return (await library.list()).flatMap(({ name, origin, preset }) => {
    if (preset === null) return [];
    const { embedding } = preset;
    const isLoaded = loaded.some((other) => isSameName(other, name));
    if (embedding?.network !== EMBEDDING_NETWORK_VERSION || embedding.values.length !== EMBEDDING_DIMENSIONS) return [];
    if (!isLoaded && origin !== 'own' && origin !== 'found') return [];
    return [{ name: presetName(name), vector: embeddingVector(embedding), preset, isLoaded }];
  });
}

/**
 * @param number of the voice, one of `voices`
 * @param people who have not been recognised yet
 * @returns null: the voice is nobody's that is known
 */
export function recognizedPerson(
  number: number,
  voices: readonly HeardVoice[],
  people: readonly KnownPerson[],
): KnownPerson | null {
  const heard = voices.filter(({ vector }) => vector !== null);
  const vectors = heard.map(({ vector }) => vector!);
  const index = heard.findIndex((voice) => voice.number === number);
  if (index < 0) return null;
  const all = recognizeVoices(
    vectors,
    people.map(({ vector }) => vector),
  )[index];
  if (all !== null && all !== undefined) return people[all]!;
  const loaded = people.filter(({ isLoaded }) => isLoaded);
  const person = recognizeVoices(
    vectors,
    loaded.map(({ vector }) => vector),
    LOADED_LIMITS,
  )[index];
  return person === null || person === undefined ? null : loaded[person]!;
}
