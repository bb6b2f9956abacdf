// Bundles the processor into one file without imports, as an AudioWorklet's module has to be to be served from anywhere.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

await build({
  configFile: false,
  logLevel: 'warn',
  build: {
    outDir: path('../../dist/engine/worklet'),
    emptyOutDir: false,
    target: 'es2023',
    lib: { entry: path('processor.ts'), formats: ['es'], fileName: () => 'separator-processor.js' },
  },
});
