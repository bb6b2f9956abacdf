import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { repositoryRoot } from './npmPackages.ts';

/** All Markdown pages of the repository, as paths from its root. */
export function pages(): string[] {
  const folders = ['engine', 'host', 'ui', 'presets', 'test'].flatMap((room) =>
    readdirSync(join(repositoryRoot, room), { recursive: true, encoding: 'utf8' }).map((path) =>
      posix.join(room, path.replaceAll('\\', '/')),
    ),
  );
  return [...readdirSync(repositoryRoot), ...folders].filter((path) => path.endsWith('.md'));
}

/** @returns the paths, from the repository's root, that a page's links and images name */
export function relativeLinks(page: string): string[] {
  const text = readFileSync(join(repositoryRoot, page), 'utf8');
  return [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => posix.join(posix.dirname(page), target));
}

/** @returns a page's links to headings that do not exist */
export function brokenAnchors(page: string): string[] {
  const text = readFileSync(join(repositoryRoot, page), 'utf8');
  return [...text.matchAll(/\]\(([^)#\s:]*)#([^)\s]+)\)/g)].flatMap(([, path = '', anchor = '']) => {
    const target = path === '' ? page : posix.join(posix.dirname(page), path);
    return !target.endsWith('.md') || anchorsOf(target).has(anchor) ? [] : [`${target}#${anchor}`];
  });
}

/** Names of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): Set<string> {
  const text = readFileSync(join(repositoryRoot, page), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((each) =>
      each
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** A fenced block of TypeScript or JavaScript. */
export interface CodeBlock {
  /** Page and number on it, as a file's name: `engine-README-1`. */
  readonly name: string;
  readonly text: string;
}

/** All blocks of TypeScript and JavaScript on the pages. */
export function codeBlocks(): CodeBlock[] {
  return pages().flatMap((page) => {
    const text = readFileSync(join(repositoryRoot, page), 'utf8');
    return [...text.matchAll(/^```(?:ts|typescript|js|javascript|mjs)\n([\s\S]*?)^```$/gm)].map(
      ([, code = ''], index) => ({
        name: `${page.replaceAll('/', '-').replace(/\.md$/, '')}-${index + 1}`,
        text: code,
      }),
    );
  });
}

/** Folders of examples that users copy. */
const EXAMPLE_FOLDERS = ['host/examples', 'host/protocol/examples', 'engine/worklet/examples'];

/** Packages that blocks and examples import. */
const PACKAGES: Readonly<Record<string, string>> = {
  unmingle: '.',
  '@unmingle/engine': 'dist/packages/engine',
  '@types/node': 'node_modules/@types/node',
  vite: 'node_modules/vite',
  bullmq: 'node_modules/bullmq',
  ioredis: 'node_modules/ioredis',
  ws: 'node_modules/ws',
  '@types/ws': 'node_modules/@types/ws',
};

/** Packages of others that a page shows how to use; they have no types here. */
const FOREIGN_MODULES = ['@bull-board/api', '@bull-board/api/bullMQAdapter', '@bull-board/express', 'express'];

/**
 * Makes a user's project: the blocks as `blocks/NAME.ts`, the examples in `examples`, and the packages that they import.
 * @param folder of the project, empty
 */
export function writeDocumentedProject(folder: string): void {
  writeFileSync(join(folder, 'package.json'), '{ "name": "project", "private": true, "type": "module" }\n');
  mkdirSync(join(folder, 'blocks'));
  for (const { name, text } of codeBlocks()) writeFileSync(join(folder, 'blocks', `${name}.ts`), text);
  const foreign = FOREIGN_MODULES.map((name) => `declare module '${name}';\n`).join('');
  writeFileSync(join(folder, 'blocks', 'foreign.d.ts'), foreign);
  for (const examples of EXAMPLE_FOLDERS) {
    cpSync(join(repositoryRoot, examples), join(folder, 'examples'), { recursive: true });
  }
  for (const [name, target] of Object.entries(PACKAGES)) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(join(link, '..'), { recursive: true });
    symlinkSync(join(repositoryRoot, target), link, 'junction');
  }
}
