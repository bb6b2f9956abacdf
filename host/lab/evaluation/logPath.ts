import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Decibels } from '../../../engine/core/units.ts';
import { cacheFolder } from '../../files/userFolders.ts';
import type { Dataset } from './Dataset.ts';
import type { MethodSettings } from './methods/SeparationMethod.ts';

/** Everything a result depends on besides its method and pair. */
export interface ResultConditions {
  readonly dataset: Dataset;
  readonly settings: MethodSettings;
  readonly snrDecibels: Decibels;
}

/**
 * Path of the result log for these conditions. The name is a hash of recordings, settings and program files, so results of another
 * build are never reused.
 */
export async function resultLogPath(conditions: ResultConditions): Promise<string> {
  const hash = createHash('sha256');
  const { settings, snrDecibels, dataset } = conditions;
  hash.update(JSON.stringify({ ...settings, snrDecibels, node: process.version }, encodeArray));
  for (const { trainingPaths, testPaths } of dataset.speakers) {
    for (const path of [...trainingPaths, ...testPaths]) {
      const { size, mtimeMs } = await stat(path);
      hash.update(`${resolve(path)} ${size} ${mtimeMs} ${trainingPaths.length}\n`);
    }
  }
  for (const file of await programFiles()) hash.update(await readFile(file));
  return join(cacheFolder(), 'evaluation', `${hash.digest('hex').slice(0, 32)}.jsonl`);
}

/** Files whose code a result depends on: the engine and the methods, which change between two versions of the package. */
async function programFiles(): Promise<string[]> {
  const files: string[] = [];
  for (const folder of ['../../../engine/', './', '../paper/']) {
    const path = fileURLToPath(new URL(folder, import.meta.url));
    const names = await readdir(path, { recursive: true });
    files.push(...names.filter((name) => /\.(js|ts)$/.test(name)).map((name) => join(path, name)));
  }
  return files.sort();
}

function encodeArray(_key: string, value: unknown): unknown {
  return value instanceof Float32Array ? [...value] : value;
}
