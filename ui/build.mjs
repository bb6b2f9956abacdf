// Builds the panel into dist/ui; with --watch again after each change.
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
    // The policy of the page allows no data: scripts or styles; a picture is 4 kB at most.
    assetsInlineLimit: 0,
    watch: process.argv.includes('--watch') ? {} : null,
  },
});
