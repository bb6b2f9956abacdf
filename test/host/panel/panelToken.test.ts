import { mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keptToken, randomToken } from '../../../host/panel/panelToken.ts';

it('a kept token is readable by its user only, and an invalid one is replaced', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'unmingle-')), 'deep', 'panel-token');
  const token = await keptToken(path);
  expect(await keptToken(path)).toBe(token);
  expect((await stat(path)).mode & 0o077).toBe(0);
  await writeFile(path, 'short');
  expect(await keptToken(path)).toMatch(/^[\w-]{24,}$/);
});

it('without a writable folder each run has a token of its own', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'unmingle-')), 'file');
  await writeFile(file, '');
  expect(await keptToken(join(file, 'panel-token'))).toMatch(/^[\w-]{24,}$/);
});

it('tokens are unique', () => {
  expect(new Set(Array.from({ length: 100 }, randomToken)).size).toBe(100);
});
