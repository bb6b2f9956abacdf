import { expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { emptySpeakerSet, type SpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { shapeOf } from '../../../engine/model/SpeakerSetShape.ts';
import { assignOutputs, withVoices } from '../../../engine/model/speakerOutputs.ts';
import { planStft } from '../../../engine/stft/StftPlan.ts';

const plan = planStft({ sampleRateHertz: 16_000 });

function speakerSet(speakers: number): SpeakerSet {
  const speaker = { name: 'any', templates: 1, values: new Float32Array(1) };
  return { ...emptySpeakerSet(plan), bins: 1, speakers: Array.from({ length: speakers }, () => speaker) };
}
const shape = (voices: readonly number[]) => shapeOf(withVoices(speakerSet(voices.length), voices));

it('a voice that stays keeps its output, and another one gets an output that no active voice has', () => {
  const active = shape([5, 6]);
  expect(active.outputs).toEqual([0, 1]);
  expect(assignOutputs(shape([6]), active).outputs).toEqual([1]);
  expect(assignOutputs(shape([7, 6]), active).outputs).toEqual([2, 1]);
  expect(assignOutputs(shape([6, 5]), active).outputs).toEqual([1, 0]);
  expect(assignOutputs(shape([]), active).outputs).toEqual([]);
});

it('speakers without voices are identified by their position, as outputs always were', () => {
  let active = shapeOf(speakerSet(3));
  for (const speakers of [5, 1, 8, 2]) {
    active = assignOutputs(shapeOf(speakerSet(speakers)), active);
    expect(active.outputs).toEqual(Array.from({ length: speakers }, (_, s) => s));
  }
});

it('eight other voices beside eight active ones have sixteen different outputs', () => {
  const random = new Random(5);
  let active = shape([]);
  for (let swap = 0; swap < 200; swap++) {
    const voices = new Set(Array.from({ length: random.integer(9) }, () => 1 + random.integer(16)));
    const incoming = assignOutputs(shape([...voices]), active);
    const outputOf = new Map<number, number>();
    for (const { speakers, outputs } of [active, incoming])
      speakers.forEach(({ voice }, s) => {
        expect(outputOf.get(voice) ?? outputs[s]).toBe(outputs[s]);
        outputOf.set(voice, outputs[s]!);
      });
    expect(new Set(outputOf.values()).size).toBe(outputOf.size);
    expect(Math.max(0, ...outputOf.values())).toBeLessThan(16);
    active = incoming;
  }
});

it('voices must be as many different positive integers as there are speakers', () => {
  expect(() => withVoices(speakerSet(2), [1])).toThrow('voices must be 2 different numbers, got [1]');
  expect(() => withVoices(speakerSet(2), [3, 3])).toThrow('voices must be 2 different numbers, got [3,3]');
  expect(() => withVoices(speakerSet(1), [0])).toThrow(/voice must be .*, got 0/);
});
