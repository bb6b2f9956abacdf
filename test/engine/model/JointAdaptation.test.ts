import { describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { Random } from '../../../engine/core/Random.ts';
import {
  adaptSpeakerSet,
  bandPosition,
  type JointAdaptation,
  outputBase,
  parseAdaptation,
  serializeAdaptation,
} from '../../../engine/model/JointAdaptation.ts';
import { sampleSpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { Separator } from '../../../engine/separator/Separator.ts';
import { planStft } from '../../../engine/stft/StftPlan.ts';
import { randomPreset } from '../syntheticVoice.ts';

const presets = [randomPreset('one', 3, 1), randomPreset('two', 5, 2)];
const frequenciesHertz = Float64Array.from([0, 500, 2000, 8000]);
const templates = 3 * 8;
const gains = (value: (index: number) => number) =>
  presets.map((_, s) =>
    Float32Array.from({ length: templates * frequenciesHertz.length }, (__, index) => value(index + s)),
  );
const plain: JointAdaptation = { frequenciesHertz, logGains: gains(() => 0) };
const random = new Random(7);
const learnt: JointAdaptation = { frequenciesHertz, logGains: gains(() => (random.integer(65) - 32) / 16) };
const text = serializeAdaptation(learnt, 'key');

describe('adaptSpeakerSet', () => {
  it.each([
    [16_000, 0.064],
    [44_100, 0.03],
    [8000, 0.064],
  ])('fits any rate and window: %s Hz, %s s', (sampleRateHertz, windowSeconds) => {
    const speakerSet = sampleSpeakerSet(presets, planStft({ sampleRateHertz, windowSeconds }));
    const adapted = adaptSpeakerSet(speakerSet, plain);
    expect(adapted.outputTemplates).toHaveLength(2);
    expect(adapted.outputTemplates).toEqual([outputBase(speakerSet, 0), outputBase(speakerSet, 1)]);
    // Gains at a band's own frequency are those of the band.
    const changed = adaptSpeakerSet(speakerSet, learnt).outputTemplates!;
    const bands = frequenciesHertz.length;
    for (let row = 0; row < templates; row++) {
      const gain = changed[1]![row * speakerSet.bins]! / adapted.outputTemplates![1]![row * speakerSet.bins]!;
      expect(Math.log(gain)).toBeCloseTo(learnt.logGains[1]![row * bands]!, 3);
    }
  });

  it('changes the masks, and they still sum to one', () => {
    const plan = planStft({ sampleRateHertz: 16_000 });
    const speakerSet = sampleSpeakerSet(presets, plan);
    const input = Float32Array.from({ length: 8000 }, () => random.between(-0.3, 0.3));
    const outputs = [speakerSet, adaptSpeakerSet(speakerSet, learnt)].map((each) => {
      const speakers = [new Float32Array(8000), new Float32Array(8000)];
      const separator = new Separator(each);
      separator.process(input, { speakers });
      const { latencySamples } = separator;
      for (let n = 4000; n < 8000; n++)
        expect(speakers[0]![n]! + speakers[1]![n]!).toBeCloseTo(input[n - latencySamples]!, 4);
      return speakers[0]!;
    });
    expect(outputs[0]!.some((value, n) => Math.abs(value - outputs[1]![n]!) > 0.01)).toBe(true);
  });

  it('rejects an adaptation of other speakers', () => {
    const other = sampleSpeakerSet([presets[0]!], planStft({ sampleRateHertz: 16_000 }));
    expect(() => adaptSpeakerSet(other, plain)).toThrow(
      'speakers of the adaptation must be as many as are loaded, 1, got 2',
    );
    const twins = sampleSpeakerSet([presets[0]!, presets[0]!], planStft({ sampleRateHertz: 16_000 }));
    expect(() => adaptSpeakerSet(twins, plain)).toThrow(
      'templates of the adaptation must be as many as the speakers have, 18, got 24',
    );
  });
});

it('bandPosition returns the fractional band index of a frequency', () => {
  expect([0, 250, 500, 1250, 8000, 20_000].map((hertz) => bandPosition(frequenciesHertz, hertz))).toEqual([
    0, 0.5, 1, 1.5, 3, 3,
  ]);
});

describe('the file of an adaptation', () => {
  const changed = (changes: object) => JSON.stringify({ ...JSON.parse(text), ...changes });

  it('is read back unchanged', () => {
    const read = parseAdaptation(text, 'key');
    expect(read).toEqual(learnt);
    expect(serializeAdaptation(read, 'key')).toBe(text);
  });

  it('is rejected with the path of the field if it is damaged or belongs to other speakers', () => {
    const cases: [string, string][] = [
      [text.slice(0, 100), 'not valid JSON'],
      [
        changed({ format: 'other' }),
        'adaptation.format: must be "unmingle-adaptation" or "unmingle-scene", got "other"',
      ],
      [
        changed({ version: 9 }),
        'adaptation.version: the file was made by a newer version of the program, in format 9; this version reads format 2, update it',
      ],
      [
        changed({ key: 'another' }),
        'adaptation.key: must be the key of these speakers, in this order and with this version, got "another"',
      ],
      [
        changed({ frequenciesHertz: [0, 500, 400, 8000] }),
        'adaptation.frequenciesHertz: must be a list that rises from 0',
      ],
      [changed({ frequenciesHertz: [] }), 'adaptation.frequenciesHertz: must be a list that rises from 0'],
      [changed({ templates: 1e9 }), 'adaptation.templates: must be an integer between 1 and 8192'],
      [changed({ templates: 23 }), 'adaptation.speakers[0].logGains: must be base64 of 92 bytes'],
      [changed({ speakers: [] }), 'adaptation.speakers: must be a list of 1 to 8'],
      [changed({ speakers: [{ logGains: '!!!!' }] }), 'adaptation.speakers[0].logGains: must be base64'],
      ['x'.repeat(9_000_000), 'adaptation must be at most 8000000 bytes'],
    ];
    for (const [damaged, message] of cases) {
      expect(() => parseAdaptation(damaged, 'key')).toThrow(message);
      expect(() => parseAdaptation(damaged, 'key')).toThrow(InputError);
    }
  });
});
