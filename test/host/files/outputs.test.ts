import { chmodSync, linkSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { freePath, isSameFile, replacementNotice, requireOutputs } from '../../../host/files/outputs.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const root = temporaryFolder();
const at = (...names: string[]) => join(root, ...names);
const rules = (isReplacing: boolean, ...inputs: string[]) => ({
  inputs,
  isReplacing,
  alternative: 'choose another folder with --out',
});

beforeAll(() => {
  for (const name of ['input.wav', 'file.wav', 'protected.wav']) writeFileSync(at(name), name);
  chmodSync(at('protected.wav'), 0o444);
  mkdirSync(at('folder.wav'));
  linkSync(at('input.wav'), at('hard.wav'));
  if (process.platform === 'win32') return;
  symlinkSync('input.wav', at('soft.wav'));
  symlinkSync('nowhere.wav', at('broken.wav'));
});

describe('requireOutputs', () => {
  it('accepts new files, creates their folder and leaves nothing in it', async () => {
    expect(await requireOutputs([at('new', 'a.wav'), at('new', 'b.wav')], rules(false))).toEqual([]);
    expect(readdirSync(at('new'))).toEqual([]);
  });

  it('refuses a file that exists with what to do, and lists it if it is to be replaced', async () => {
    await expect(requireOutputs([at('file.wav')], rules(false))).rejects.toThrow(
      `cannot write ${at('file.wav')}: it already exists; choose another folder with --out, or replace it with --force`,
    );
    expect(await requireOutputs([at('new', 'a.wav'), at('file.wav')], rules(true))).toEqual([at('file.wav')]);
    expect(replacementNotice([at('file.wav')])).toBe(`--force replaces ${at('file.wav')}`);
    expect(replacementNotice([])).toBeNull();
  });

  it.skipIf(process.platform === 'win32')('never accepts an input, under whatever name', async () => {
    for (const name of ['input.wav', 'hard.wav', 'soft.wav', './new/../input.wav']) {
      const output = name.startsWith('.') ? `${root}/${name}` : at(name);
      await expect(requireOutputs([output], rules(true, at('input.wav')))).rejects.toThrow(/would overwrite an input/);
    }
    await expect(requireOutputs([at('input.wav')], rules(true, at('soft.wav')))).rejects.toThrow(InputError);
  });

  it.skipIf(process.platform === 'win32')('counts a link that leads nowhere as a file', async () => {
    await expect(requireOutputs([at('broken.wav')], rules(false))).rejects.toThrow(/it already exists/);
    expect(freePath(at('broken.wav'))).toBe(at('broken-2.wav'));
  });

  it.skipIf(process.platform === 'win32')('replaces no folder, no device and no write-protected file', async () => {
    for (const isReplacing of [false, true]) {
      await expect(requireOutputs([at('folder.wav')], rules(isReplacing))).rejects.toThrow(
        /it is a folder, not a file/,
      );
      await expect(requireOutputs([`${root}/new-folder/`], rules(isReplacing))).rejects.toThrow(/it is a folder/);
      await expect(requireOutputs(['/dev/null'], rules(isReplacing))).rejects.toThrow(/it is a device, not a file/);
    }
    await expect(requireOutputs([at('protected.wav')], rules(true))).rejects.toThrow(/it is write-protected/);
  });

  it('refuses two outputs that are the same file on a file system that ignores case or normal form', async () => {
    const pairs = [
      ['ann.wav', 'ANN.wav'],
      ['J\u00fcrgen.wav', 'Ju\u0308rgen.wav'],
      ['a.wav', './a.wav'],
    ] as const;
    for (const [one, other] of pairs) {
      await expect(requireOutputs([`${root}/${one}`, `${root}/${other}`], rules(true))).rejects.toThrow(
        /written twice/,
      );
    }
  });

  it('refuses names that Windows does not allow, also of new folders', async () => {
    await expect(requireOutputs([at('con.wav')], rules(true))).rejects.toThrow(/name of a device on Windows/);
    await expect(requireOutputs([at('aux', 'a.wav')], rules(true))).rejects.toThrow(/name of a device on Windows/);
  });

  it('refuses a folder that is a file', async () => {
    await expect(requireOutputs([at('file.wav', 'a.wav')], rules(true))).rejects.toThrow(/cannot create the folder/);
  });
});

it('hard links lead to the same file, equal contents do not', async () => {
  expect(await isSameFile(at('input.wav'), at('hard.wav'))).toBe(true);
  expect(await isSameFile(at('input.wav'), at('file.wav'))).toBe(false);
  expect(await isSameFile(at('missing'), at('missing'))).toBe(false);
});

it('a free path has the first number that is free', () => {
  writeFileSync(at('take.wav'), '');
  writeFileSync(at('take-2.wav'), '');
  expect(freePath(at('take.wav'))).toBe(at('take-3.wav'));
  expect(freePath(at('other.wav'))).toBe(at('other.wav'));
});
