import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { EMBEDDING_DIMENSIONS, EMBEDDING_NETWORK_VERSION } from '../../../engine/embedding/EmbeddingNetwork.ts';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { quantizeEmbedding } from '../../../engine/model/SpeakerEmbedding.ts';
import { knownVoicesText, nameVoices } from '../../../engine/recording/namedVoices.ts';
import { PRESET_EXTENSION, PresetLibrary } from '../../../host/library/PresetLibrary.ts';
import { knownVoices } from '../../../host/offline/knownVoices.ts';
import { randomPreset } from '../../engine/syntheticVoice.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const library = new PresetLibrary({ bundled: join(folder, 'bundled'), own: join(folder, 'own') });
/** Vector of a voice that has nothing in common with those of other elements. */
const voice = (element: number, elements: number = EMBEDDING_DIMENSIONS) =>
  Float32Array.from({ length: elements }, (_, index) => (index === element ? 1 : 0));

beforeAll(() => {
  const write = (origin: 'bundled' | 'own', name: string, vector: Float32Array | null, network: number) => {
    mkdirSync(join(folder, origin), { recursive: true });
    const preset = randomPreset(name, 4, 1);
    const text = serializePreset(
      vector === null ? preset : { ...preset, embedding: quantizeEmbedding(vector, network) },
    );
    writeFileSync(join(folder, origin, `${name}${PRESET_EXTENSION}`), text);
  };
  write('own', 'ann', voice(0), EMBEDDING_NETWORK_VERSION);
  write('own', 'bob', voice(1), EMBEDDING_NETWORK_VERSION);
  write('own', 'voice-1', voice(2), EMBEDDING_NETWORK_VERSION);
  write('own', 'without', null, 0);
  write('own', 'newer', voice(3), EMBEDDING_NETWORK_VERSION + 1);
  write('own', 'longer', voice(4, EMBEDDING_DIMENSIONS + 1), EMBEDDING_NETWORK_VERSION);
  write('bundled', 'stranger', voice(5), EMBEDDING_NETWORK_VERSION);
  writeFileSync(join(folder, 'own', `damaged${PRESET_EXTENSION}`), '{');
});

it('knows the own presets whose embeddings can be compared', async () => {
  expect((await knownVoices(library)).map(({ name }) => name)).toEqual(['ann', 'bob']);
});

it('names voices by presets, and the others by numbers', async () => {
  const named = nameVoices(
    [5, 1, 2].map((element) => voice(element)),
    await knownVoices(library),
  );
  expect(named).toEqual({ names: ['voice-1', 'bob', 'voice-3'], isKnown: [false, true, false] });
  expect(knownVoicesText(named)).toEqual(['voice 2 is bob (preset in your library)']);
});
