import { MOST_VOICES } from '../diarization/diarize.ts';
import { recognizeVoices } from '../diarization/recognizeVoices.ts';
import { EMBEDDING_DIMENSIONS, EMBEDDING_NETWORK_VERSION } from '../embedding/EmbeddingNetwork.ts';
import type { Preset } from '../model/Preset.ts';
import { isSameName, type PresetName, presetName } from '../model/PresetName.ts';
import { embeddingVector } from '../model/SpeakerEmbedding.ts';
import { numberedNames } from './numberedNames.ts';

/** A person whose voice is recognised in recordings. */
export interface KnownVoice {
  readonly name: PresetName;
  /** Embedding of unit length. */
  readonly vector: Float32Array;
}

/** Voices of a recording with the names of the presets that they were recognised by. */
export interface NamedVoices {
  /** [voices] name of the preset, else `voice-1`, `voice-2`, ... */
  readonly names: readonly PresetName[];
  /** [voices] whether the name is that of a preset */
  readonly isKnown: readonly boolean[];
}

/**
 * @returns whom a preset describes; null if it has no embedding of this version, or is called `voice-1`, which would give a found voice the
 * name of another one
 */
export function knownVoice({ name, embedding }: Pick<Preset, 'name' | 'embedding'>): KnownVoice | null {
  if (embedding?.network !== EMBEDDING_NETWORK_VERSION || embedding.values.length !== EMBEDDING_DIMENSIONS) return null;
  if (numberedNames(MOST_VOICES).some((other) => isSameName(other, name))) return null;
  return { name: presetName(name), vector: embeddingVector(embedding) };
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
