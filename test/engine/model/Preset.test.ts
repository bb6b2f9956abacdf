import { describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { Random } from '../../../engine/core/Random.ts';
import { parsePreset, presetHash, presetNetwork, serializePreset } from '../../../engine/model/Preset.ts';
import { randomPreset } from '../syntheticVoice.ts';

const preset = randomPreset('voice', 32, 1);
const text = serializePreset(preset);
const changed = (change: (json: Record<string, unknown>) => void) => {
  const json = JSON.parse(text) as Record<string, unknown>;
  change(json);
  return JSON.stringify(json);
};
type Layers = { outputs: number; weights: string }[];

describe('Preset', () => {
  it('is read back from its file unchanged', () => {
    const read = parsePreset(text);
    expect(read).toEqual(preset);
    expect(serializePreset(read)).toBe(text);
    expect(presetHash({ ...read, name: 'other' })).toBe(presetHash(preset));
  });

  it('is at most 20 kB with 32 templates and 30 kB with 64', () => {
    expect(text.length).toBeLessThanOrEqual(20_000);
    expect(serializePreset(randomPreset('voice', 64, 2)).length).toBeLessThanOrEqual(30_000);
  });

  it('rejects a damaged file with the path of the field', () => {
    const cases: [string, string][] = [
      [text.slice(0, 5000), 'not valid JSON'],
      ['RIFF....WAVEfmt ', 'not valid JSON'],
      [
        changed((json) => Object.assign(json, { format: 'other' })),
        'preset.format: must be "unmingle-preset", got "other"',
      ],
      [
        changed((json) => Object.assign(json, { version: 2 })),
        'preset.version: the file was made by a newer version of the program, in format 2; this version reads format 1, update it',
      ],
      [changed((json) => Object.assign(json, { version: '2' })), 'preset.version: must be 1, got "2"'],
      [changed((json) => Object.assign(json, { name: '../../etc/passwd' })), 'preset name must be'],
      [
        changed((json) => Object.assign(json, { magnitudeExponent: null })),
        'preset.magnitudeExponent: must be a number',
      ],
      [changed((json) => Object.assign(json, { bandwidthHertz: 1e9 })), 'preset.bandwidthHertz'],
      [changed((json) => delete json.layers), 'preset.layers: must be a list of 1 to 4 objects, got nothing'],
      [changed((json) => Object.assign((json.layers as Layers)[1]!, { outputs: 1e9 })), 'preset.layers[1].outputs'],
      [changed((json) => Object.assign((json.layers as Layers)[0]!, { inputs: 120 })), 'preset.layers[0].weights'],
      [
        changed((json) => Object.assign((json.layers as Layers)[0]!, { weights: '!!!!' })),
        'preset.layers[0].weights: must be base64',
      ],
      [changed((json) => Object.assign((json.layers as Layers)[2]!, { weightScale: 0.5 })), 'preset.sha256'],
    ];
    for (const [damaged, message] of cases) {
      expect(() => parsePreset(damaged)).toThrow(message);
      expect(() => parsePreset(damaged)).toThrow(InputError);
    }
  });

  it('detects any changed byte of the weights', () => {
    const random = new Random(4);
    for (let round = 0; round < 20; round++) {
      const damaged = changed((json) => {
        const layer = (json.layers as Layers)[random.integer(3)]!;
        const at = random.integer(layer.weights.length - 4);
        const other = layer.weights[at] === 'A' ? 'B' : 'A';
        layer.weights = layer.weights.slice(0, at) + other + layer.weights.slice(at + 1);
      });
      expect(() => parsePreset(damaged)).toThrow('damaged or edited');
    }
  });

  it('throws nothing but InputError, whichever byte is changed', () => {
    const random = new Random(5);
    for (let round = 0; round < 500; round++) {
      const at = random.integer(text.length);
      const damaged =
        text.slice(0, at) + String.fromCharCode(random.integer(128)) + text.slice(at + 1 + random.integer(3));
      try {
        presetNetwork(parsePreset(damaged));
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }
  });
});
