import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What each room may import from, besides itself. Rooms on one floor don't see each other. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'engine/core': [],
  'engine/kernel': ['engine/core'],
  'engine/stft': ['engine/core', 'engine/kernel'],
  'engine/factorization': ['engine/core', 'engine/kernel'],
  'engine/template': ['engine/core', 'engine/kernel'],
  'engine/mixer': ['engine/core'],
  'engine/evaluation': ['engine/core', 'engine/kernel', 'engine/stft'],
  'engine/transform': ['engine/core', 'engine/kernel', 'engine/stft'],
  'engine/separator': ['engine/core', 'engine/kernel', 'engine/stft', 'engine/factorization', 'engine/template'],
  'engine/adaptation': ['engine/core', 'engine/kernel', 'engine/stft', 'engine/template', 'engine/separator'],
  'engine/worklet': ['engine/core', 'engine/kernel', 'engine/stft', 'engine/template', 'engine/separator'],
  'host/protocol': ['engine/core', 'engine/separator', 'engine/stft', 'engine/template'],
  'engine/trainer': [
    'engine/core',
    'engine/kernel',
    'engine/stft',
    'engine/factorization',
    'engine/template',
    'engine/transform',
  ],
};

/** Only these load the trainer, and with it tfjs: what runs live starts fast and small. */
const MAY_LOAD_TRAINER = /^host\/(thread\/trainerWorker\.ts|bench\/|evaluation\/|experiments\/)/;

interface Import {
  readonly file: string;
  readonly target: string;
  readonly isTypeOnly: boolean;
}

function sourceFiles(): string[] {
  return ['engine', 'host', 'ui'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((path) => join(folder, path))
      .filter((path) => /\.tsx?$/.test(path)),
  );
}

function imports(): Import[] {
  const found: Import[] = [];
  for (const file of sourceFiles()) {
    if (file.startsWith('engine/kernel/assembly/')) continue;
    const text = readFileSync(join(root, file), 'utf8');
    const statements = /^\s*(import|export)(\s+type)?\s[^'";]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)/gm;
    for (const [, , typeOnly, from, dynamic] of text.matchAll(statements)) {
      const specifier = from ?? dynamic!;
      const target = specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier;
      found.push({ file, target, isTypeOnly: typeOnly !== undefined });
    }
  }
  return found;
}

const roomOf = (file: string) => file.split('/').slice(0, 2).join('/');
const all = imports();

it('finds the imports it checks', () => {
  expect(all.length).toBeGreaterThan(200);
});

it('imports go down only', () => {
  const wrong = all.filter(({ file, target }) => {
    const room = roomOf(file);
    if (!(room in MAY_IMPORT) || !/^(engine|host|ui|test)\//.test(target)) return false;
    return roomOf(target) !== room && !MAY_IMPORT[room]!.includes(roomOf(target));
  });
  expect(wrong).toEqual([]);
});

it('the engine needs no package and no platform; tfjs lives in the trainer', () => {
  const wrong = all.filter(({ file, target }) => {
    if (!file.startsWith('engine/') || /^(engine)\//.test(target)) return false;
    return !(file.startsWith('engine/trainer/') && target.startsWith('@tensorflow/'));
  });
  expect(wrong).toEqual([]);
});

it('only what trains, measures or evaluates loads the trainer', () => {
  const wrong = all.filter(
    ({ file, target, isTypeOnly }) =>
      file.startsWith('host/') && target.startsWith('engine/trainer/') && !isTypeOnly && !MAY_LOAD_TRAINER.test(file),
  );
  expect(wrong).toEqual([]);
});

/** What a page may pull in: the conversation, what is pure, and the panel's own two libraries. */
const UI_PACKAGES = /^(preact(\/hooks)?|rxjs)$/;
it('the panel sees the conversation and the pure engine only', () => {
  const wrong = all.filter(({ file, target }) => {
    if (!file.startsWith('ui/') || /^(ui|engine|host\/protocol)\//.test(target)) return false;
    return !UI_PACKAGES.test(target);
  });
  const upwards = all.filter(({ file, target }) => !file.startsWith('ui/') && target.startsWith('ui/'));
  expect([...wrong, ...upwards]).toEqual([]);
});

it('nothing imports test, nothing shipped needs what lies beside the project', () => {
  expect(all.filter(({ target }) => target.startsWith('test/') || target.includes('shared/'))).toEqual([]);
});
