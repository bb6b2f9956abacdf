import { chmod, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { keptToken, newToken, randomToken } from '../../../host/panel/panelToken.ts';

const newFolder = () => mkdtemp(join(tmpdir(), 'unmingle-'));
const isPrivate = async (path: string) => ((await stat(path)).mode & 0o777) === 0o600;

it('a kept token is readable by its user only, and an invalid one is replaced', async () => {
  const path = join(await newFolder(), 'deep', 'panel-token');
  const token = await keptToken(path);
  expect(await keptToken(path)).toBe(token);
  expect(await isPrivate(path)).toBe(true);
  await writeFile(path, 'short');
  expect(await keptToken(path)).toMatch(/^[\w-]{24,}$/);
});

it.skipIf(process.platform === 'win32')('a token that other users could read is replaced', async () => {
  const path = join(await newFolder(), 'panel-token');
  const token = await keptToken(path);
  await chmod(path, 0o644);
  expect(await keptToken(path)).not.toBe(token);
  expect(await isPrivate(path)).toBe(true);
});

it('a new token is kept from then on', async () => {
  const path = join(await newFolder(), 'panel-token');
  const before = await keptToken(path);
  const token = await newToken(path);
  expect(token).not.toBe(before);
  expect(await keptToken(path)).toBe(token);
  expect(await readFile(path, 'utf8')).toBe(token);
  expect(await isPrivate(path)).toBe(true);
});

it('without a writable folder each run has a token of its own, and replacing the kept one is refused', async () => {
  const file = join(await newFolder(), 'file');
  await writeFile(file, '');
  expect(await keptToken(join(file, 'panel-token'))).toMatch(/^[\w-]{24,}$/);
  await expect(newToken(join(file, 'panel-token'))).rejects.toThrow(InputError);
});

it('tokens are unique', () => {
  expect(new Set(Array.from({ length: 100 }, randomToken)).size).toBe(100);
});
