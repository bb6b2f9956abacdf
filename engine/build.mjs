// Makes dist/packages/engine, the npm package @unmingle/engine: engine/package.json and the built modules that its entry points reach, so
// that neither the trainer nor the laboratory is in it.
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('.', import.meta.url));
const built = join(source, '../dist/engine');
const target = join(source, '../dist/packages/engine');
const IMPORT = /\b(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g;

/** Adds a module and all that it imports, as code and as types; declarations name the sources' extension. */
function reach(path, found) {
  const file = path.endsWith('.d.ts') ? path : path.replace(/\.ts$/, '.d.ts');
  if (found.has(file)) return;
  found.add(file);
  for (const [, specifier] of readFileSync(join(built, file), 'utf8').matchAll(IMPORT)) {
    reach(normalize(join(dirname(file), specifier)), found);
  }
}

const { exports } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
const files = new Set();
for (const entry of Object.values(exports).flatMap((each) => (typeof each === 'string' ? each : Object.values(each)))) {
  reach(normalize(entry), files);
}

rmSync(target, { recursive: true, force: true });
for (const file of files) {
  mkdirSync(join(target, dirname(file)), { recursive: true });
  cpSync(join(built, file), join(target, file));
}
cpSync(join(source, 'package.json'), join(target, 'package.json'));
cpSync(join(source, 'README.md'), join(target, 'README.md'));
cpSync(join(source, 'worklet/README.md'), join(target, 'worklet/README.md'));
cpSync(join(source, '../LICENSE'), join(target, 'LICENSE'));
