import { describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import type { MixSettings } from '../../../engine/realtime/MixSettings.ts';
import { resolveParameters } from '../../../engine/separator/parameters.ts';
import { EngineSetup } from '../../../host/audioProcess/EngineSetup.ts';
import type { EngineThread } from '../../../host/audioProcess/EngineThread.ts';

const mix: MixSettings = {
  speakers: [],
  rest: { gainDecibels: 0, isMuted: false, isSoloed: false },
  master: { gainDecibels: 0, isBypassed: false, wet: 1 },
};
const speakerSet = {
  presets: [],
  voices: [],
  channels: [],
  adaptation: null,
  background: null,
  latency: 'ear',
  windowSeconds: 0.016,
} as const;
const setup = () => new EngineSetup({ mix, parameters: resolveParameters() }, 16_000);
const loaded = { number: 1, windowSamples: 256, hopSamples: 64, similarity: [], problem: null };

describe('EngineSetup', () => {
  it('a new engine starts with the window of the speaker set that was loaded last', () => {
    const remembered = setup();
    expect(remembered.plan).toEqual({ sampleRateHertz: 16_000 });
    remembered.speakerSet = speakerSet;
    expect(remembered.plan).toEqual({ sampleRateHertz: 16_000, latency: 'ear', windowSeconds: 0.016 });
  });

  it('a new engine loads the speaker set that was loaded last, if there was one', async () => {
    const remembered = setup();
    const calls: unknown[] = [];
    const engine: Pick<EngineThread, 'loadSpeakers'> = {
      loadSpeakers: async (...call) => {
        calls.push(call);
        return loaded;
      },
    };
    expect(await remembered.reloadSpeakers(engine)).toBeNull();
    expect(calls).toEqual([]);
    remembered.speakerSet = speakerSet;
    expect(await remembered.reloadSpeakers(engine)).toBeNull();
    expect(calls).toEqual([[speakerSet, remembered.plan]]);
  });

  it('speakers that a new engine cannot load are described for the user', async () => {
    const remembered = setup();
    remembered.speakerSet = speakerSet;
    const problem = await remembered.reloadSpeakers({
      loadSpeakers: () => Promise.reject(new InputError('the presets have different sample rates')),
    });
    expect(problem).toMatch(
      /could not load the speakers.*\(the presets have different sample rates\); load them again/,
    );
  });
});
