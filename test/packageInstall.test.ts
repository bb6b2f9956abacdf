import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { brokenAnchors, pages, relativeLinks } from './documentation.ts';
import { temporaryFolder } from './host/temporaryFolder.ts';
import { emptyProject, npm, pack, repositoryRoot, type Tarball } from './npmPackages.ts';

/** Packing, and removing what was installed, take longer than hooks may by default. */
vi.setConfig({ hookTimeout: 120_000 });
const folder = temporaryFolder();
/** Dependencies come from npm's cache, or from the registry where it lacks some. */
const UNREACHABLE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTCACHED/;

describe('the package unmingle', { timeout: 300_000 }, () => {
  let tarball: Tarball;

  beforeAll(async () => {
    tarball = await pack(repositoryRoot, folder);
  });

  it('holds no maps, build state, sources or scripts that only maintainers run', () => {
    const wrong = /\.map$|\.tsbuildinfo$|\.test\.|(?<!\.d)\.tsx?$|^presets\/.*\.mjs$|^dist\/(docs|example|packages)\//;
    expect(tarball.files.filter((path) => wrong.test(path))).toEqual([]);
  });

  it('has no comment that names a source map', () => {
    const modules = tarball.files.filter((path) => /^dist\/(engine|host)\/.*\.js$/.test(path));
    expect(modules.length).toBeGreaterThan(100);
    const naming = modules.filter((path) =>
      readFileSync(join(repositoryRoot, path), 'utf8').includes('sourceMappingURL='),
    );
    expect(naming).toEqual([]);
  });

  it('holds all files that its manifest and its README name', () => {
    const { bin, exports } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
      bin: Record<string, string>;
      exports: Record<string, string | Record<string, string>>;
    };
    const named = Object.values(exports)
      .flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry)))
      .concat(Object.values(bin), relativeLinks('README.md'))
      .map((path) => posix.normalize(path));
    // Node's patterns of exports: * stands for any text.
    const isPacked = (path: string) => {
      const [start = '', end = null] = path.split('*');
      return tarball.files.some(
        (file) => file === path || (end !== null && file.startsWith(start) && file.endsWith(end)),
      );
    };
    expect(named.filter((path) => !isPacked(path))).toEqual([]);
  });

  it('installs into an empty folder without building anything, and its demo separates', async (context) => {
    const project = emptyProject(folder);
    const flags = ['--prefer-offline', '--omit=optional', '--no-audit', '--no-fund'];
    try {
      await npm(project, 'install', ...flags, tarball.path);
    } catch (error) {
      const reason = String((error as { stderr?: string }).stderr ?? error);
      if (process.env.CI === undefined && UNREACHABLE.test(reason)) {
        return context.skip("the packages that unmingle needs are not in npm's cache, and there is no registry");
      }
      throw new Error(reason);
    }
    const modules = join(project, 'node_modules');
    expect(
      ['vite', 'typescript', 'naudiodon', '@tensorflow/tfjs-node'].filter((name) => existsSync(join(modules, name))),
    ).toEqual([]);
    const report = JSON.parse(await npm(project, 'exec', '--offline', '--', 'unmingle', 'demo', '--json')) as {
      sources: { metrics: { siSdrDecibels: number } }[];
    };
    for (const { metrics } of report.sources) expect(metrics.siSdrDecibels).toBeGreaterThan(7);
    expect(readdirSync(join(project, 'unmingle-demo'))).toHaveLength(3);
  });
});

describe('documentation', () => {
  it.each(pages())('%s links to files and headings that exist', (page) => {
    expect(relativeLinks(page).filter((path) => !existsSync(join(repositoryRoot, path)))).toEqual([]);
    expect(brokenAnchors(page)).toEqual([]);
  });
});
