/**
 * Compiles the kernel for plain and for relaxed SIMD and wraps the binaries as TypeScript modules, so that the engine can load them
 * without a file system or a network.
 *
 * The sources mark inlined functions with the comment `// @inline` instead of AssemblyScript's decorator: TypeScript allows no
 * decorators on functions, so linters and formatters could not parse them. Each such line becomes the decorator on the way in.
 *
 * Modules that were made from the same sources by the same compiler are left as they are: compiling takes ten times as long as the rest
 * of a build in which nothing has changed.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const generated = fileURLToPath(new URL('../generated/', import.meta.url));

const builds = [
  { entry: 'index.ts', name: 'simd', features: ['simd'] },
  { entry: 'index.ts', name: 'relaxedSimd', features: ['simd', 'relaxed-simd'] },
  { entry: 'peak.ts', name: 'peakSimd', features: ['simd'] },
  { entry: 'peak.ts', name: 'peakRelaxedSimd', features: ['simd', 'relaxed-simd'] },
];

/** @returns hash of all that the binaries depend on: this folder, and the version of the compiler */
function sourceHash() {
  const hash = createHash('sha256').update(readFileSync(new URL(import.meta.resolve('assemblyscript/package.json'))));
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(`${folder}${name}`));
  return hash.digest('hex');
}

/** @returns a source with its inline comments as decorators, or null where there is no such file */
function readSource(path, baseFolder) {
  try {
    return readFileSync(resolve(baseFolder, path), 'utf8').replaceAll(/^\/\/ @inline$/gm, '@inline');
  } catch {
    return null;
  }
}

/** @returns the compiled WebAssembly binary */
async function compile(asc, entry, features) {
  const files = new Map();
  const options = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--use', 'abort='];
  const enabled = features.flatMap((feature) => ['--enable', feature]);
  const { error, stderr } = await asc.main([`${folder}${entry}`, '--outFile', 'kernel.wasm', ...options, ...enabled], {
    readFile: readSource,
    writeFile: (path, contents) => files.set(path, contents),
  });
  if (error) throw new Error(`${stderr.toString()}\n${error.message}`);
  return files.get('kernel.wasm');
}

const header = `/** Made by engine/kernel/assembly/build.mjs from sources ${sourceHash()}. */\n`;
const pathOf = (name) => `${generated}${name}.ts`;
const isCurrent = (path) => existsSync(path) && readFileSync(path, 'utf8').startsWith(header);

if (!builds.every(({ name }) => isCurrent(pathOf(name)))) {
  const { default: asc } = await import('assemblyscript/asc');
  mkdirSync(generated, { recursive: true });
  for (const { entry, name, features } of builds) {
    const base64 = Buffer.from(await compile(asc, entry, features)).toString('base64');
    writeFileSync(pathOf(name), `${header}export const ${name}Base64 =\n  '${base64}';\n`);
  }
}
