// Builds the example into dist/example: static files for any web server.
import { copyFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const project = join(root, '..', '..');
const out = join(project, 'dist', 'example');
const presets = join(project, 'presets');

await build({
  root,
  base: './',
  configFile: false,
  logLevel: 'warn',
  build: { outDir: out, emptyOutDir: true, target: 'es2023', modulePreload: false },
});

const EXTENSION = '.unmingle.json';
const names = (await readdir(presets))
  .filter((file) => file.endsWith(EXTENSION) && file !== `background${EXTENSION}`)
  .map((file) => file.slice(0, -EXTENSION.length))
  .sort();
for (const name of names) await copyFile(join(presets, name + EXTENSION), join(out, name + EXTENSION));
await copyFile(join(presets, 'demo', 'mixture.flac'), join(out, 'mixture.flac'));
const processor = 'separator-processor.js';
await copyFile(join(project, 'dist', 'engine', 'worklet', processor), join(out, processor));

// Adds the bundled adaptation of the two demo voices, in both orders of the speakers.
const { AdaptationLibrary } = await import('../../dist/host/library/AdaptationLibrary.js');
const { bundledLibrary } = await import('../../dist/host/library/defaultSpeakerSet.js');
const { DEMO_SPEAKERS } = await import('../../dist/host/files/demoFiles.js');
const adaptations = [];
const library = new AdaptationLibrary(bundledLibrary());
for (const speakers of [DEMO_SPEAKERS, DEMO_SPEAKERS.toReversed()]) {
  const source = await library.source(speakers);
  const kept = await library.find(source);
  if (kept === null) continue;
  const file = `${speakers.join('-')}.adaptation.json`;
  await writeFile(join(out, file), kept.text);
  adaptations.push({ speakers, file, key: source.key });
}
await writeFile(
  join(out, 'listing.json'),
  `${JSON.stringify({ presets: names, selected: DEMO_SPEAKERS, adaptations })}\n`,
);
