// Builds the web edition into dist/web: static files for any web server.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const project = join(root, '..', '..');
const out = join(project, 'dist', 'web');
const presets = join(project, 'presets');
const target = 'es2023';

await build({
  root,
  base: './',
  configFile: false,
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  build: {
    outDir: out,
    emptyOutDir: true,
    target,
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
  },
});

/** Bundles a script that cannot import others: of an audio worklet or a service worker. */
const bundle = (entry, fileName, define = {}) =>
  build({
    configFile: false,
    logLevel: 'warn',
    define,
    build: {
      outDir: out,
      emptyOutDir: false,
      target,
      lib: { entry: join(root, entry), formats: ['es'], fileName: () => fileName },
    },
  });

await bundle('live/captureProcessor.ts', 'capture-processor.js');
const copy = async (from, folder) => {
  await mkdir(join(out, folder), { recursive: true });
  await copyFile(from, join(out, folder, basename(from)));
};
await copy(join(project, 'dist', 'engine', 'worklet', 'separator-processor.js'), '.');
await copy(join(project, 'LICENSE'), '.');
const wasm = join(project, 'node_modules', '@tensorflow', 'tfjs-backend-wasm', 'dist');
// The threaded build needs cross-origin isolation, but TensorFlow.js resolves all three.
for (const file of (await readdir(wasm)).filter((name) => name.endsWith('.wasm') && !name.includes('threaded')))
  await copy(join(wasm, file), 'tfjs');

const PRESET = '.unmingle.json';
const EVIDENCE = '.evidence.json';
const files = await readdir(presets);
const namesOf = (ending) => files.filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length));
for (const file of files.filter((name) => name.endsWith('.json'))) await copy(join(presets, file), 'presets');
// Says whose voices they are, and by which licences.
await copy(join(presets, 'README.md'), 'presets');
await copy(join(presets, 'demo', 'mixture.flac'), 'presets');
const adaptations = await readdir(join(presets, 'adaptations'));
for (const file of adaptations) await copy(join(presets, 'adaptations', file), 'presets');
const { DEMO_SPEAKERS } = await import('../../dist/host/files/demoFiles.js');
const listing = {
  presets: namesOf(PRESET)
    .filter((name) => name !== 'background')
    .sort(),
  evidence: namesOf(EVIDENCE),
  demo: DEMO_SPEAKERS,
  adaptations: adaptations.map((file) => file.split('.')[0]),
};
await writeFile(join(out, 'listing.json'), `${JSON.stringify(listing)}\n`);

// Licences of the bundled packages.
const notices = [];
for (const name of [
  'preact',
  'rxjs',
  'tslib',
  '@audio/encode-flac',
  'libflacjs',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-cpu',
]) {
  const folder = join(project, 'node_modules', name);
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  notices.push(
    `${name}\n\n${file === undefined ? 'Apache License, Version 2.0' : await readFile(join(folder, file), 'utf8')}`,
  );
}
await writeFile(join(out, 'licences.txt'), notices.join('\n\n'));

const hash = createHash('sha256');
const kept = [];
for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath, entry.name);
  kept.push(path.slice(out.length + 1).replaceAll('\\', '/'));
}
kept.sort();
for (const file of kept) hash.update(file).update(await readFile(join(out, file)));
const precache = { version: hash.digest('hex').slice(0, 16), files: kept };
await bundle('serviceWorker.ts', 'service-worker.js', { PRECACHE: JSON.stringify(precache) });
