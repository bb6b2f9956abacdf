import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Import {
  readonly file: string;
  readonly target: string;
  readonly isTypeOnly: boolean;
  /** `import(...)`: loaded when a command runs. */
  readonly isLazy: boolean;
}

function sourceFiles(): string[] {
  return ['engine', 'host', 'ui'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((path) => join(folder, path))
      .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('engine/kernel/assembly/')),
  );
}

function imports(): Import[] {
  const found: Import[] = [];
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    const statements =
      /^\s*(?:import|export)(\s+type)?\s[^'";]*?from\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|^import '([^']+)'/gm;
    for (const [, typeOnly, from, lazy, bare] of text.matchAll(statements)) {
      const specifier = from ?? lazy ?? bare;
      if (specifier === undefined) continue;
      const target = specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier;
      found.push({ file, target, isTypeOnly: typeOnly !== undefined, isLazy: lazy !== undefined });
    }
  }
  return found;
}

/** @returns the first circle found, as the nodes on it; empty: there is none */
export function findCircle(edges: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (node: string): readonly string[] => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return [];
    path.push(node);
    for (const next of edges.get(node) ?? []) {
      const circle = visit(next);
      if (circle.length > 0) return circle;
    }
    path.pop();
    done.add(node);
    return [];
  };
  for (const node of edges.keys()) {
    const circle = visit(node);
    if (circle.length > 0) return circle;
  }
  return [];
}

/** Imports between groups of our own files, such as folders. @param nodeOf returns the group of a file */
export function edgesBetween(nodeOf: (file: string) => string): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const { file, target } of inner) {
    const [from, to] = [nodeOf(file), nodeOf(target)];
    if (from !== to) edges.set(from, (edges.get(from) ?? new Set()).add(to));
  }
  return edges;
}

/** All source files, as paths from the root of the project. */
export const files = sourceFiles();
/** All imports of the source files. */
export const all = imports();
/** Imports of our own files. */
export const inner = all.filter(({ target }) => /^(engine|host|ui)\//.test(target));
