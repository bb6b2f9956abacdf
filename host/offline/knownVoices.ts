import { MOST_VOICES } from '../../engine/diarization/diarize.ts';
import { recognizeVoices } from '../../engine/diarization/recognizeVoices.ts';
import { EMBEDDING_DIMENSIONS, EMBEDDING_NETWORK_VERSION } from '../../engine/embedding/EmbeddingNetwork.ts';
import { isSameName, type PresetName, presetName } from '../../engine/model/PresetName.ts';
import { embeddingVector } from '../../engine/model/SpeakerEmbedding.ts';
import type { PresetLibrary } from '../library/PresetLibrary.ts';
import { numberedNames } from './numberedNames.ts';

/** A person whose voice is recognised in recordings. */
export interface KnownVoice {
  readonly name: PresetName;
  /** Embedding of unit length. */
  readonly vector: Float32Array;
}

/**
 * Reads whom the user's own presets describe. Bundled presets are strangers; a preset that is called `voice-1` would give a found voice the
 * name of another one.
 */
export async function knownVoices(library: PresetLibrary): Promise<KnownVoice[]> {
  const numbered = numberedNames(MOST_VOICES);
  return (await library.list()).flatMap(({ name, origin, preset }) => {
    const embedding = preset?.embedding;
    if (origin !== 'own' || embedding?.network !== EMBEDDING_NETWORK_VERSION) return [];
    if (embedding.values.length !== EMBEDDING_DIMENSIONS || numbered.some((other) => isSameName(other, name)))
      return [];
    return [{ name: presetName(name), vector: embeddingVector(embedding) }];
  });
}

/** Voices of a recording with the names of the presets that they were recognised by. */
export interface NamedVoices {
  /** [voices] name of the preset, else `voice-1`, `voice-2`, ... */
  readonly names: readonly PresetName[];
  /** [voices] whether the name is that of a preset */
  readonly isKnown: readonly boolean[];
}

/** @param vectors [voices] embeddings of the voices of a recording, of unit length */
export function nameVoices(vectors: readonly Float32Array[], known: readonly KnownVoice[]): NamedVoices {
  const numbered = numberedNames(vectors.length);
  const people = recognizeVoices(
    vectors,
    known.map(({ vector }) => vector),
  );
  return {
    names: people.map((person, voice) => (person === null ? numbered[voice]! : known[person]!.name)),
    isKnown: people.map((person) => person !== null),
  };
}

/** @returns one line for the user about each voice that was recognised */
export function knownVoicesText({ names, isKnown }: NamedVoices): string[] {
  return names.flatMap((name, voice) =>
    isKnown[voice] ? [`voice ${voice + 1} is ${name} (preset in your library)`] : [],
  );
}
