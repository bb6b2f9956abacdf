import { expect, it } from 'vitest';
import { sampleSpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { Separator } from '../../../engine/separator/Separator.ts';
import { planStft } from '../../../engine/stft/StftPlan.ts';
import { randomPreset, syntheticVoice } from '../syntheticVoice.ts';

const plan = planStft({ sampleRateHertz: 16_000 });
const speakerSet = sampleSpeakerSet([randomPreset('one', 8, 1), randomPreset('two', 8, 2)], plan);
const voice = syntheticVoice(1, 120, 0.9, 1, 16_000);

function hear(separator: Separator): Float32Array {
  const output = new Float32Array(voice.length);
  separator.process(voice, { speakers: [output] });
  return output;
}

it('a separator continues from the state of another, even in the middle of a swap', () => {
  const separator = new Separator(speakerSet);
  hear(separator);
  separator.swapTemplates(
    sampleSpeakerSet([randomPreset('three', 8, 3)], planStft({ sampleRateHertz: 16_000, latency: 'call' })),
  );
  separator.process(voice, { speakers: [new Float32Array(voice.length)] }, 900);
  const state = separator.saveState();
  expect(state.speakerSets.length).toBe(2);
  const expected = hear(separator);
  const other = new Separator(speakerSet);
  other.restoreState(structuredClone(state));
  expect(hear(other)).toEqual(expected);
  expect(other.telemetry).toEqual(separator.telemetry);
  expect([other.isSwapping, other.latencySamples]).toEqual([false, separator.latencySamples]);
});

it('rejects a state that does not match and leaves the output unchanged', () => {
  const separator = new Separator(speakerSet);
  hear(separator);
  const state = separator.saveState();
  const expected = hear(separator);
  separator.restoreState(state);
  const { numbers } = state;
  expect(() => separator.restoreState({ ...state, numbers: numbers.subarray(1) })).toThrow('state');
  expect(() => separator.restoreState({ ...state, numbers: Float64Array.of(...numbers, 0) })).toThrow(
    `state must have ${numbers.length} numbers, got ${numbers.length + 1}`,
  );
  expect(() => separator.restoreState({ ...state, numbers: numbers.map(() => -1) })).toThrow(
    'state[0] must be an integer between 0 and',
  );
  expect(() => separator.restoreState({ ...state, speakerSets: [] })).toThrow('speaker sets in the state');
  const swap = {
    phase: 'fading',
    remainingSamples: 0,
    tilesLoaded: 0,
    isIncomingTurn: true,
    samplesSinceSolve: 0,
  } as const;
  expect(() => separator.restoreState({ ...state, swap })).toThrow('a swap if, and only if');
  const speakerSets = [...state.speakerSets, ...state.speakerSets];
  expect(() => separator.restoreState({ ...state, speakerSets, swap })).toThrow('swap.remainingSamples');
  expect(hear(separator)).toEqual(expected);
});
