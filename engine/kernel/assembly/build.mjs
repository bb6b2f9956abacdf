/**
 * Compiles the kernel for plain and for relaxed SIMD and wraps the binaries as TypeScript modules, so that the engine can load them
 * without a file system or a network.
 *
 * The sources mark inlined functions with the comment `// @inline` instead of AssemblyScript's decorator: TypeScript allows no
 * decorators on functions, so linters and formatters could not parse them. Each such line becomes the decorator on the way in.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const folder = fileURLToPath(new URL('.', import.meta.url));
const generated = fileURLToPath(new URL('../generated/', import.meta.url));

const builds = [
  { entry: 'index.ts', name: 'simd', features: ['simd'] },
  { entry: 'index.ts', name: 'relaxedSimd', features: ['simd', 'relaxed-simd'] },
  { entry: 'peak.ts', name: 'peakSimd', features: ['simd'] },
  { entry: 'peak.ts', name: 'peakRelaxedSimd', features: ['simd', 'relaxed-simd'] },
];

/** @returns a source with its inline comments as decorators, or null where there is no such file */
function readSource(path, baseFolder) {
  try {
    return readFileSync(resolve(baseFolder, path), 'utf8').replaceAll(/^\/\/ @inline$/gm, '@inline');
  } catch {
    return null;
  }
}

/** @returns the compiled WebAssembly binary */
async function compile(entry, features) {
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

mkdirSync(generated, { recursive: true });
for (const { entry, name, features } of builds) {
  const base64 = Buffer.from(await compile(entry, features)).toString('base64');
  writeFileSync(
    `${generated}${name}.ts`,
    `/** Made by engine/kernel/assembly/build.mjs. */\nexport const ${name}Base64 =\n  '${base64}';\n`,
  );
}
