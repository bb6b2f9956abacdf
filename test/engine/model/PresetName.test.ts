import { describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { isPresetName, isSameName, presetName } from '../../../engine/model/PresetName.ts';

describe('presetName', () => {
  const names = [
    'ann',
    'Böb 2',
    '李',
    '7',
    'a.b-c_d',
    'x'.repeat(64),
    "O'Brien",
    'O’Brien',
    'Ann (host)',
    'अनिल',
    'สมชาย',
  ];

  it.each(names)('accepts %j', (name) => {
    expect(presetName(name)).toBe(name);
    expect(isPresetName(name)).toBe(true);
  });

  it('stores decomposed letters composed, so that a name has one spelling', () => {
    expect(presetName('Ju\u0308rgen')).toBe('J\u00fcrgen');
    expect(isPresetName('Ju\u0308rgen')).toBe(false);
    expect(presetName('e\u0301'.repeat(64))).toBe('\u00e9'.repeat(64));
  });

  it.each([
    ...['(ann)', "'ann", 'Ann & Bob', 'a,b', 'a"b', 'a`b', 'a;b', '\u0301ann', 'ann\u200b', 'a\ufe0fb', '𝒂'.repeat(33)],
    ...['', ' ', '.', '..', '../ann', 'a/b', 'a\\b', '/etc/passwd', 'C:', 'C:\\ann', '.hidden', '-rf', '~', '%2e%2e'],
    ...['a\u0000b', 'a\nb', 'a\u202eb', 'x'.repeat(65), 'ann.', 'ann ', 'ann/', '__proto__', 'file:ann', '$(id)'],
    ...['CON', 'nul', 'com1', 'LPT9', 'aux.unmingle.json', 'COM¹', 'prn.txt', 'con .x'],
  ])('refuses %j and quotes it', (name) => {
    expect(isPresetName(name)).toBe(false);
    expect(() => presetName(name)).toThrow(InputError);
    expect(() => presetName(name)).toThrow(JSON.stringify(name));
  });
});

it('neither case nor normal form distinguishes names', () => {
  for (const [one, other] of [
    ['v367', 'V367'],
    ['J\u00fcrgen', 'JU\u0308RGEN'],
    ['Strauß', 'STRAUSS'],
    ['ΟΔΟΣ', 'οδος'],
  ] as const) {
    expect(isSameName(one, other)).toBe(true);
  }
  expect(isSameName('ann', 'anna')).toBe(false);
  expect(isSameName('Jurgen', 'Jürgen')).toBe(false);
});
