import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import { fileError } from '../files/fileErrors.ts';
import { AUDIO_EXTENSIONS } from './audioFormats.ts';

/**
 * Replaces each folder by the audio files in it, recognised by extension, without hidden files and subfolders, in the numeric order of
 * their names (2.wav before 10.wav). Files are kept as they are; duplicates are removed.
 * @throws InputError if a path does not exist, or a folder holds no audio file
 */
export async function expandAudioFiles(paths: readonly string[]): Promise<string[]> {
  const expanded: string[] = [];
  for (const path of paths) {
    if (await isFolder(path)) expanded.push(...(await filesOfFolder(path)));
    else expanded.push(path);
  }
  return [...new Set(expanded)];
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw fileError(error, 'cannot read', path);
  }
}

async function filesOfFolder(folder: string): Promise<string[]> {
  let names: string[];
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    names = entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    throw fileError(error, 'cannot read', folder);
  }
  const audio = names.filter((name) => !name.startsWith('.') && AUDIO_EXTENSIONS.includes(extname(name).toLowerCase()));
  if (audio.length === 0)
    throw new InputError(`${folder}: the folder contains no audio files (${AUDIO_EXTENSIONS.join(', ')})`);
  const collator = new Intl.Collator('en', { numeric: true });
  return audio.sort(collator.compare).map((name) => join(folder, name));
}
