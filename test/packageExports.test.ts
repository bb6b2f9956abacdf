import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from './npmPackages.ts';

/** Entry points, as package.json names them, and their sources. */
const ENTRIES: Readonly<Record<string, string>> = {
  unmingle: 'engine/index.ts',
  'unmingle/trainer': 'engine/trainer/index.ts',
  'unmingle/worklet': 'engine/worklet/index.ts',
  'unmingle/host': 'host/index.ts',
};

const HEAD = `# Public exports

All public exports of the packages, whose compatibility is promised. \`@unmingle/engine\` has the same exports as \`unmingle\`, and \`@unmingle/engine/worklet\` those of \`unmingle/worklet\`.
A change to this file is a change to the interface: note it in CHANGELOG.md, then update the file with
\`npx vitest run --config test/vitest.config.ts --project units test/packageExports.test.ts -u\`.
\`unmingle/worklet/processor\` is a script for \`audioWorklet.addModule\` and exports nothing. \`unmingle/presets/NAME.unmingle.json\` are the bundled presets.
`;

interface Export {
  readonly name: string;
  /** The word that declares it: class, function, const, interface, type. */
  readonly kind: string;
  readonly file: string;
  /** The declaration up to the next one at the margin, comments left out. */
  readonly declaration: string;
}

const read = (file: string) => readFileSync(join(repositoryRoot, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');

/** All that a module exports, re-exports followed to where they are declared. */
function exportsOf(file: string): Export[] {
  const text = read(file);
  const found: Export[] = [];
  for (const [, all, list = '', specifier = ''] of text.matchAll(
    /^export (?:type )?(?:(\*)|\{([^}]*)\}) from '([^']+)';/gm,
  )) {
    const target = normalize(join(dirname(file), specifier));
    const names = list.split(',').flatMap((item) => item.trim().replace(/^type /, '') || []);
    const there = exportsOf(target);
    if (all !== undefined) found.push(...there);
    for (const name of names) {
      const declared = there.find((each) => each.name === name);
      if (declared === undefined) throw new Error(`${file} exports ${name}, which ${target} does not declare`);
      found.push(declared);
    }
  }
  const declarations =
    /^export (?:async |abstract )*(class|function|const|interface|type|enum)\*? (\w+)[\s\S]*?(?=^\S(?<![})\]]))/gm;
  for (const [declaration, kind = '', name = ''] of `${text}\n;`.matchAll(declarations)) {
    found.push({ name, kind, file, declaration });
  }
  return found;
}

/**
 * What users can see of a declaration: no bodies of functions, no values of constants, no private members.
 * @param declaration formatted as the formatter does: members are indented by two spaces
 */
function signatureOf({ kind, declaration }: Export): string {
  if (kind === 'const') return declaration.split(' = ')[0] ?? '';
  if (kind === 'function') return declaration.split(/ \{$/m)[0] ?? '';
  if (kind !== 'class') return declaration;
  const [head = '', ...members] = declaration.split(/^(?= {2}[\w[#])/m);
  const visible = members.filter((member) => !/^ {2}(private|#)/.test(member));
  return [head, ...visible.map((member) => member.split(/ \{$| = /m)[0])].join('\n');
}

/** Names of our own that a declaration's signature contains. */
function namesIn(exported: Export): string[] {
  const signature = signatureOf(exported);
  const text = read(exported.file);
  const imported = [...text.matchAll(/^import (?:type )?\{([^}]*)\} from '\./gm)].flatMap(([, list = '']) =>
    list.split(',').map((item) => item.trim().replace(/^type /, '')),
  );
  const declared = [...text.matchAll(/^(?:export )?(?:class|interface|type) (\w+)/gm)].map(([, name = '']) => name);
  return [...imported, ...declared].filter((name) => name !== '' && new RegExp(`\\b${name}\\b`).test(signature));
}

describe('public exports', () => {
  it('are those that test/publicExports.md lists', async () => {
    const sections = Object.entries(ENTRIES).map(([entry, file]) => {
      const lines = exportsOf(file).map(({ name, kind }) => `- \`${name}\` ${kind}`);
      return `\n## ${entry}\n\n${lines.sort((one, other) => one.localeCompare(other, 'en')).join('\n')}\n`;
    });
    await expect(HEAD + sections.join('')).toMatchFileSnapshot('publicExports.md');
  });

  it.each(Object.entries(ENTRIES))('of %s include the types that their signatures name', (_, file) => {
    const names = new Set(
      Object.values(ENTRIES)
        .flatMap(exportsOf)
        .map(({ name }) => name),
    );
    const missing = exportsOf(file).flatMap((each) =>
      namesIn(each).flatMap((name) => (names.has(name) ? [] : [`${each.name} names ${name}`])),
    );
    expect(missing).toEqual([]);
  });
});
