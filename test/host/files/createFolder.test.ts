import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFolder } from '../../../host/files/createFolder.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();

test('creates missing parents, also in two concurrent calls', async () => {
  const path = join(folder, 'a', 'b', 'c');
  await Promise.all([createFolder(path), createFolder(path)]);
  expect(statSync(path).isDirectory()).toBe(true);
});

test('the error names a file that has the name of a parent folder', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  await expect(createFolder(join(file, 'x'))).rejects.toThrow(`${file}: a file of this name exists`);
});

test.skipIf(!existsSync('/proc/self'))('fails instead of recursing for ever where nothing can be created', async () => {
  await expect(createFolder('/proc/unmingle/x')).rejects.toThrow(
    /cannot create the folder \/proc\/unmingle: does not exist/,
  );
});
