// Builds the panel into dist/ui. --watch: rebuilds after each change.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));

await build({
  root,
  configFile: false,
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/ui',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: false,
    // The page's content security policy forbids data: URLs.
    assetsInlineLimit: 0,
    watch: process.argv.includes('--watch') ? {} : null,
  },
});

// Licences of the bundled packages.
const notices = [];
for (const name of ['preact', 'rxjs', 'tslib', 'valibot', '@audio/encode-flac', 'libflacjs']) {
  const folder = join(root, '..', 'node_modules', name);
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  notices.push(`${name}\n\n${file === undefined ? '' : await readFile(join(folder, file), 'utf8')}`);
}
await writeFile(join(root, '..', 'dist', 'ui', 'licences.txt'), notices.join('\n\n'));
