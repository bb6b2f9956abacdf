import { describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { fileNameProblem, nameKey, requireFileName } from '../../../engine/core/fileName.ts';

const DEVICES = ['CON', 'prn', 'Aux', 'nul', 'COM0', 'com1', 'COM9', 'LPT1', 'lpt9', 'COM¹', 'com²', 'LPT³', 'CONIN$'];

describe('fileNameProblem', () => {
  it.each(DEVICES)('finds the device %s, whatever its extension', (device) => {
    for (const name of [device, `${device}.txt`, `${device}.unmingle.json`, `${device} .wav`, `${device}:stream`])
      expect(fileNameProblem(name)).toMatch(/device on Windows/);
  });

  it.each(['ann.', 'ann ', 'ann. .', ' ', '.'])('finds the end of %j, which Windows removes', (name) => {
    expect(fileNameProblem(name)).toMatch(/dot or space/);
  });

  it.each(['ann', 'CONrad', 'com10', 'LPT', 'a.con', 'null', 'Auxiliary.wav', '1-con.wav'])('accepts %j', (name) => {
    expect(fileNameProblem(name)).toBeNull();
  });
});

it('the error names the file', () => {
  expect(() => requireFileName('con.json')).toThrow(InputError);
  expect(() => requireFileName('con.json')).toThrow(/"con.json" is the name of a device on Windows; choose another/);
});

it('names of one file on a file system that ignores case and normal form have one key', () => {
  expect(new Set(['Straße', 'STRASSE', 'strasse'].map(nameKey)).size).toBe(1);
  expect(nameKey('J\u00fcrgen')).toBe(nameKey('JU\u0308RGEN'));
  expect(nameKey('ann')).not.toBe(nameKey('ann2'));
});
