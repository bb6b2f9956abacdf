import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from './host/temporaryFolder.ts';
import { emptyProject, npm, pack, repositoryRoot, type Tarball } from './npmPackages.ts';

const run = promisify(execFile);
/** Packing, and removing what was installed, take longer than hooks may by default. */
vi.setConfig({ hookTimeout: 120_000 });
const folder = temporaryFolder();

/** Uses the package as a stranger's strict project would. @returns the largest difference between the outputs' sum and the delayed input */
const CONSUMER = `
import { parsePreset, planStft, sampleSpeakerSet, Separator, type SeparatorOutputs, siSdr } from '@unmingle/engine';
import { SeparatorNode, type SeparatorNodeOptions } from '@unmingle/engine/worklet';

export const createNode: (context: AudioContext, options: SeparatorNodeOptions) => Promise<SeparatorNode> = SeparatorNode.create;

export function separate(presetTexts: readonly string[], blocks: number): { difference: number; loudest: number } {
  const plan = planStft({ sampleRateHertz: 16_000, latency: 'monitor' });
  const separator = new Separator(sampleSpeakerSet(presetTexts.map(parsePreset), plan));
  const input = new Float32Array(128);
  const [first, second, rest, dry] = [new Float32Array(128), new Float32Array(128), new Float32Array(128), new Float32Array(128)];
  const outputs: SeparatorOutputs = { speakers: [first, second], rest, dry };
  let [difference, loudest, time] = [0, 0, 0];
  for (let block = 0; block < blocks; block++) {
    for (let n = 0; n < input.length; n++) input[n] = 0.5 * Math.sin(time++ * 0.1) * Math.sin(time * 0.0007);
    separator.process(input, outputs);
    first.forEach((value, n) => {
      loudest = Math.max(loudest, Math.abs(value));
      difference = Math.max(difference, Math.abs(value + (second[n] ?? 0) + (rest[n] ?? 0) - (dry[n] ?? 0)));
    });
  }
  if (siSdr(first, first) < 60) throw new Error('a signal differs from itself');
  return { difference, loudest };
}
`;
const TYPESCRIPT = {
  compilerOptions: {
    target: 'ES2023',
    module: 'NodeNext',
    lib: ['ES2023', 'DOM'],
    types: [],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
  },
  files: ['consumer.ts'],
};

describe('the package @unmingle/engine', { timeout: 120_000 }, () => {
  let tarball: Tarball;
  let project: string;

  beforeAll(async () => {
    await run(process.execPath, [join(repositoryRoot, 'engine/build.mjs')]);
    tarball = await pack(join(repositoryRoot, 'dist/packages/engine'), folder);
    project = emptyProject(folder);
    await npm(project, 'install', '--offline', '--no-audit', '--no-fund', tarball.path);
  });

  it('installs alone, offline', () => {
    const installed = readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(installed).toEqual(['@unmingle']);
    expect(readdirSync(join(project, 'node_modules/@unmingle'))).toEqual(['engine']);
  });

  it('holds the worklet and its processor, and neither trainer, maps nor what only the program uses', () => {
    console.info(`@unmingle/engine holds ${tarball.files.length} files:\n${tarball.files.join('\n')}`);
    expect(tarball.files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'index.js',
        'worklet/index.js',
        'worklet/separator-processor.js',
      ]),
    );
    expect(tarball.files.filter((path) => !/\.(js|d\.ts|md)$|^(LICENSE|package\.json)$/.test(path))).toEqual([]);
    expect(tarball.files.filter((path) => /^(trainer|transform|realtime)\//.test(path))).toEqual([]);
  });

  it('has the version of the whole', () => {
    const version = (path: string) => (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
    expect(version(join(project, 'node_modules/@unmingle/engine/package.json'))).toBe(
      version(join(repositoryRoot, 'package.json')),
    );
  });

  it('compiles in a strict project and separates', async () => {
    writeFileSync(join(project, 'consumer.ts'), CONSUMER);
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(TYPESCRIPT));
    const compiler = join(repositoryRoot, 'node_modules/typescript/bin/tsc');
    await run(process.execPath, [compiler, '--project', project]).catch((error: { stdout: string }) => {
      throw new Error(error.stdout);
    });
    const consumer = (await import(pathToFileURL(join(project, 'consumer.js')).href)) as {
      separate(presetTexts: readonly string[], blocks: number): { difference: number; loudest: number };
    };
    const presetTexts = ['female', 'male'].map((voice) =>
      readFileSync(join(repositoryRoot, `presets/synthetic-${voice}.unmingle.json`), 'utf8'),
    );
    const { difference, loudest } = consumer.separate(presetTexts, 100);
    expect(loudest).toBeGreaterThan(0.01);
    expect(difference).toBeLessThan(1e-5);
  });
});
