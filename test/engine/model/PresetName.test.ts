import { describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { isPresetName, presetName } from '../../../engine/model/PresetName.ts';

describe('presetName', () => {
  it.each(['ann', 'Böb 2', '李', '7', 'a.b-c_d', 'x'.repeat(64)])('accepts %j', (name) => {
    expect(presetName(name)).toBe(name);
    expect(isPresetName(name)).toBe(true);
  });

  it.each([
    ...['', ' ', '.', '..', '../ann', 'a/b', 'a\\b', '/etc/passwd', 'C:', 'C:\\ann', '.hidden', '-rf', '~', '%2e%2e'],
    ...['a\u0000b', 'a\nb', 'a\u202eb', 'x'.repeat(65), 'ann.', 'ann ', 'ann/', '__proto__', 'file:ann', '$(id)'],
    ...['CON', 'nul', 'com1', 'LPT9', 'aux.unmingle.json', 'COM¹', 'prn.txt', 'con .x'],
  ])('refuses %j and quotes it', (name) => {
    expect(isPresetName(name)).toBe(false);
    expect(() => presetName(name)).toThrow(InputError);
    expect(() => presetName(name)).toThrow(JSON.stringify(name));
  });
});
