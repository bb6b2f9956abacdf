import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { takeFolder } from '../../../host/session/takeFolder.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

it('takes started within the same second get different folders', () => {
  const folder = temporaryFolder();
  const now = new Date(2026, 10, 2, 4, 30, 5);
  for (const name of ['2026-11-02-04.30.05', '2026-11-02-04.30.05-2', '2026-11-02-04.30.05-3']) {
    expect(takeFolder(folder, now)).toBe(join(folder, name));
    mkdirSync(join(folder, name));
  }
});
