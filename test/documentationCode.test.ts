import { execFile } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { siSdr } from '../engine/evaluation/siSdr.ts';
import { readRecording } from '../host/audio/readRecording.ts';
import { DEMO_SPEAKERS, demoMixturePath, demoVoicePath } from '../host/files/demoFiles.ts';
import { codeBlocks, writeDocumentedProject } from './documentation.ts';
import { temporaryFolder } from './host/temporaryFolder.ts';
import { repositoryRoot } from './npmPackages.ts';

const run = promisify(execFile);
vi.setConfig({ hookTimeout: 120_000 });
const project = temporaryFolder();
const TYPESCRIPT = {
  compilerOptions: {
    target: 'ES2023',
    module: 'NodeNext',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    types: ['node', 'vite/client'],
    outDir: 'out',
    rootDir: '.',
    allowJs: true,
    checkJs: true,
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
  },
  include: ['blocks', 'examples'],
};
/** Settings and presets of a user without any. */
const environment = {
  ...process.env,
  UNMINGLE_PRESETS: join(project, 'presets'),
  UNMINGLE_SETTINGS: join(project, 'live.json'),
};

/** Runs a compiled file as a user would, in the project's folder. @returns standard output */
async function runFile(file: string, ...parameters: readonly string[]): Promise<string> {
  const command = [join('out', file), ...parameters];
  return (await run(process.execPath, command, { cwd: project, env: environment })).stdout;
}

describe('code in the documentation', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    await run(process.execPath, [join(repositoryRoot, 'engine/build.mjs')]);
    writeDocumentedProject(project);
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(TYPESCRIPT));
  });

  it('compiles as it stands, in strict TypeScript', async () => {
    expect(codeBlocks().map(({ name }) => name)).toEqual(
      expect.arrayContaining(['README-1', 'engine-README-1', 'engine-worklet-README-1']),
    );
    const compiler = join(repositoryRoot, 'node_modules/typescript/bin/tsc');
    await run(process.execPath, [compiler, '--project', project]).catch((error: { stdout: string }) => {
      throw new Error(error.stdout);
    });
  });

  it('of the README runs, and so does that of the engine', async () => {
    for (const [name, speaker] of [
      ['ann', 'female'],
      ['bob', 'male'],
    ]) {
      const preset = join(repositoryRoot, `presets/synthetic-${speaker}.unmingle.json`);
      copyFileSync(preset, join(project, `${name}.unmingle.json`));
    }
    await runFile('blocks/README-1.js');
    await runFile('blocks/engine-README-1.js');
  });

  it('separates a file, the voices adapted to each other', async () => {
    const output = await runFile('examples/separateFile.mjs', demoMixturePath(), DEMO_SPEAKERS.join(), 'voices');
    expect(output.trim().split('\n')).toHaveLength(3);
    for (const speaker of DEMO_SPEAKERS) {
      const [reference, separated] = await Promise.all(
        [demoVoicePath(speaker), join(project, 'voices', `${speaker}.wav`)].map((path) => readRecording(path)),
      );
      expect(siSdr(reference!.samples, separated!.samples)).toBeGreaterThan(7);
    }
  });

  it('runs a live session that reports levels and follows its messages', async () => {
    const lines = (await runFile('examples/liveSession.mjs', DEMO_SPEAKERS.join(), '2', 'file')).trim().split('\n');
    expect(lines.at(-1)).toMatch(
      /^\d+ ms late: synthetic-female -\d+ dB \(fader 0 dB\), synthetic-male -\d+ dB \(fader -20 dB\)$/,
    );
  });
});
