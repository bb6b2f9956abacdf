import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Lets sources under test start the built worker threads, since Node runs a worker as it is on disk, without vitest's transformation. */
export function builtWorkers() {
  return {
    name: 'built-workers',
    enforce: 'pre' as const,
    transform(code: string, path: string): string | undefined {
      if (!/^host\//.test(relative(root, path))) return undefined;
      const built = `file://${root}dist/${relative(root, path)}`;
      return code.replaceAll(
        /new URL\('\.\/(\w+Worker)\.js', import\.meta\.url\)/g,
        (_, name) => `new URL(${JSON.stringify(new URL(`./${name}.js`, built).href)})`,
      );
    },
  };
}
