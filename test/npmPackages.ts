import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const repositoryRoot = fileURLToPath(new URL('..', import.meta.url));

export interface Tarball {
  readonly path: string;
  /** Paths inside the package, sorted. */
  readonly files: readonly string[];
}

/** @throws with npm's output in `stderr` where npm fails */
export async function npm(folder: string, ...parameters: readonly string[]): Promise<string> {
  const options = { cwd: folder, maxBuffer: 2 ** 26, shell: process.platform === 'win32' };
  return (await run('npm', parameters, options)).stdout;
}

/** Packs a built package without running its scripts. */
export async function pack(packageFolder: string, destination: string): Promise<Tarball> {
  const output = await npm(packageFolder, 'pack', '--json', '--ignore-scripts', '--pack-destination', destination);
  const [packed] = JSON.parse(output) as { filename: string; files: { path: string }[] }[];
  if (packed === undefined) throw new Error(`npm pack printed no package: ${output}`);
  const files = packed.files.map(({ path }) => path).sort();
  return { path: join(destination, packed.filename.replace('@', '').replace('/', '-')), files };
}

/** Makes a project without dependencies. @returns its folder */
export function emptyProject(folder: string): string {
  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "name": "project", "private": true, "type": "module" }\n');
  return project;
}
