import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Option } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import type { DatasetSplit } from '../lab/evaluation/index.ts';
import { integerOption } from './optionValues.ts';

/** Parses `--pairs <all|N>`. */
export function pairsOption(text: string): number | 'all' {
  return text === 'all' ? 'all' : integerOption('--pairs', 1, 1_000_000)(text);
}

/** `--split`, the same in every command that reads a dataset. */
export function splitOption(): Option {
  return new Option('--split <train:test>', 'number of recordings of each speaker for training and for test')
    .default({ train: 8, test: 2 } satisfies DatasetSplit, '8:2')
    .argParser(parseSplit);
}

/** Parses `<train>:<test>`, each 1 to 1000. */
function parseSplit(text: string): DatasetSplit {
  const [train, test, ...others] = text.split(':');
  if (train === undefined || test === undefined || others.length > 0) {
    throw new InputError(`--split must be <train>:<test>, such as 8:2, got "${text}"`);
  }
  return { train: integerOption('--split train', 1, 1000)(train), test: integerOption('--split test', 1, 1000)(test) };
}

/** @returns all files that a command may read from a dataset: those of its folder and of the speakers' folders; none if it is missing */
export async function datasetInputs(folder: string, speakersFile: string | undefined): Promise<string[]> {
  const inside = await pathsIn(folder);
  const deeper = await Promise.all(inside.map(pathsIn));
  return [...inside, ...deeper.flat(), ...(speakersFile === undefined ? [] : [speakersFile])];
}

/** @returns no paths if it is not a folder that can be read; reading the dataset reports that */
async function pathsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => join(folder, name));
}
