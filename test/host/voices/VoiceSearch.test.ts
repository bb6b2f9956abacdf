import { beforeEach, describe, expect, it } from 'vitest';
import { EMBEDDING_DIMENSIONS, EMBEDDING_NETWORK_VERSION } from '../../../engine/embedding/EmbeddingNetwork.ts';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { type PresetName, presetName } from '../../../engine/model/PresetName.ts';
import { embeddingVector, quantizeEmbedding } from '../../../engine/model/SpeakerEmbedding.ts';
import type { PresetEntry, PresetFile } from '../../../host/library/PresetLibrary.ts';
import type { VoiceSearchState } from '../../../host/protocol/voiceSearch.ts';
import type { HeardVoice } from '../../../host/voices/VoiceFinder.ts';
import { VoiceSearch } from '../../../host/voices/VoiceSearch.ts';
import type { TrainerListener } from '../../../host/workers/TrainerThread.ts';
import { randomPreset } from '../../engine/syntheticVoice.ts';
import { FakeVoiceFinder } from './FakeVoiceFinder.ts';

/** Two seconds: as much as is searched at once. */
const SOUND = { samples: new Float32Array(32_000), sampleRateHertz: 16_000 };
const EMBEDDING = quantizeEmbedding(
  Float32Array.from({ length: EMBEDDING_DIMENSIONS }, (_, n) => Math.cos(n)),
  EMBEDDING_NETWORK_VERSION,
);
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

const voice = (changes: Partial<HeardVoice>): HeardVoice => ({
  number: 1,
  soloSeconds: 9,
  vector: null,
  agreement: 1,
  ...changes,
});

describe('VoiceSearch', () => {
  let finder: FakeVoiceFinder;
  let fail: (error: Error) => void;
  let states: VoiceSearchState[];
  let followed: boolean[];
  let added: [string, boolean][];
  let loaded: PresetName[];
  let library: PresetEntry[];
  let signals: AbortSignal[];
  let isTraining: boolean;
  let search: VoiceSearch;

  beforeEach(() => {
    [states, followed, added, loaded, library, signals] = [[], [], [], [], [], []];
    isTraining = true;
    finder = new FakeVoiceFinder();
    search = new VoiceSearch({
      library: { list: async () => library },
      onState: (state) => states.push(state),
      followInput: (isFollowed) => followed.push(isFollowed),
      loaded: () => loaded,
      addFound: async (file: PresetFile, isNew) => {
        added.push([file.name, isNew]);
      },
      load: async (name) => {
        loaded.push(name);
      },
      startFinder: (_, onEnded) => {
        fail = onEnded;
        return finder;
      },
      train: ({ name }, { signal }: TrainerListener) => {
        signals.push(signal);
        const presetText = serializePreset(randomPreset(name, 8, 1));
        return isTraining ? Promise.resolve({ presetText, evidenceText: null, klRatios: null }) : new Promise(() => {});
      },
    });
  });

  /** Waits until what two seconds of sound cause has happened. */
  async function hear(...voices: readonly HeardVoice[]): Promise<void> {
    finder.findings = { speechSeconds: 10, voices };
    search.hear(SOUND);
    await settled();
  }

  it('learns a voice that was alone for 8 s, and replaces its preset later', async () => {
    await search.start(null);
    await hear(voice({ soloSeconds: 7 }));
    expect(search.state).toMatchObject({
      phase: 'listening',
      speechSeconds: 10,
      voices: [{ phase: 'heard', name: null }],
    });
    await hear(voice({ soloSeconds: 9 }));
    expect(search.state.voices).toMatchObject([{ phase: 'learnt', name: 'voice-1', learntSeconds: 9 }]);
    await hear(voice({ soloSeconds: 21 }));
    expect(added).toEqual([
      ['voice-1', true],
      ['voice-1', false],
    ]);
    expect(states.some(({ phase, learning }) => phase === 'learning' && learning === 1)).toBe(true);
  });

  it('learns each of two voices again from where only it is active by the presets of both', async () => {
    await search.start(2);
    const both = [voice({}), voice({ number: 2 })];
    for (let times = 0; times < 5; times++) await hear(...both);
    expect(added.map(([, isNew]) => isNew)).toEqual([true, true, false, false]);
    expect(finder.presetNumbers).toEqual([[], [], [1, 2], [1, 2]]);
  });

  it('gives a found voice a name that no preset has', async () => {
    library = [{ name: 'Voice-1', origin: 'own', path: '', preset: null, problem: 'damaged' }];
    await search.start(2);
    await hear(voice({}));
    expect(added).toEqual([['voice-2', true]]);
  });

  it.each([
    ['loaded', true],
    ['not loaded', false],
  ])('recognises a person of the library who is %s, who gets no second strip', async (_, isLoaded) => {
    const ann = presetName('ann');
    library = [
      {
        name: ann,
        origin: 'own',
        path: '',
        preset: { ...randomPreset('ann', 8, 1), embedding: EMBEDDING },
        problem: null,
      },
    ];
    if (isLoaded) loaded = [ann];
    await search.start(null);
    await hear(voice({ vector: embeddingVector(EMBEDDING) }));
    expect(search.state.voices).toMatchObject([{ phase: 'known', name: 'ann' }]);
    expect(added).toEqual([]);
    expect(loaded).toEqual([ann]);
  });

  it('forgets its thread and stops a training at the end', async () => {
    isTraining = false;
    await search.start(null);
    await hear(voice({}));
    expect(search.state.phase).toBe('learning');
    await search.stop();
    expect(search.state).toMatchObject({ phase: 'off', learning: null, problem: null });
    expect([finder.isTerminated, signals[0]?.aborted, followed]).toEqual([true, true, [true, false]]);
    await hear(voice({ soloSeconds: 50 }));
    expect(search.state.phase).toBe('off');
  });

  it('ends with the reason if its thread ends', async () => {
    await search.start(null);
    fail(new Error('the search for voices has ended (exit code 1)'));
    await settled();
    expect(search.state).toMatchObject({ phase: 'off', problem: 'the search for voices has ended (exit code 1)' });
    expect(followed).toEqual([true, false]);
  });
});
