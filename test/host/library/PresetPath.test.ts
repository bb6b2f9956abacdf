import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../host/files/packageRoot.ts';

/** Rooms that handle paths of the command line. All others have names only: theirs may come from the network. */
const ALLOWED = ['host/commands/', 'host/library/', 'host/lab/', 'host/index.ts'];

it('only commands turn a text into the path of a preset file, and read one by its path', () => {
  const files = ['engine', 'host', 'ui'].flatMap((folder) =>
    readdirSync(join(packageRoot(), folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => join(folder, file)),
  );
  const callers = files.filter((file) =>
    /\b(?:presetPath|byPath|readPresetFile)\b/.test(readFileSync(join(packageRoot(), file), 'utf8')),
  );
  expect(callers.filter((file) => file.startsWith('host/commands/')).length).toBeGreaterThan(1);
  expect(callers.filter((file) => !ALLOWED.some((allowed) => file.startsWith(allowed)))).toEqual([]);
});
