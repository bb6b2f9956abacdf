// Compiles the kernel for plain and for relaxed SIMD and wraps the binaries as TypeScript modules, so that the engine can load them
// where there is no file system and no network.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

mkdirSync(generated, { recursive: true });
for (const { entry, name, features } of builds) {
  const binary = `${generated}${name}.wasm`;
  const { error, stderr } = await asc.main([
    `${folder}${entry}`,
    '--outFile',
    binary,
    '-O3',
    '--noAssert',
    '--runtime',
    'stub',
    '--importMemory',
    '--use',
    'abort=',
    ...features.flatMap((feature) => ['--enable', feature]),
  ]);
  if (error) {
    process.stderr.write(`${stderr.toString()}\n${error.message}\n`);
    process.exit(1);
  }
  const base64 = readFileSync(binary).toString('base64');
  writeFileSync(
    `${generated}${name}.ts`,
    `/** Made by engine/kernel/assembly/build.mjs. */\nexport const ${name}Base64 =\n  '${base64}';\n`,
  );
  rmSync(binary);
}
