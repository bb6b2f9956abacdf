import { join } from 'node:path';
import { jsonText } from '../../files/jsonText.ts';
import { requireWritable, writeTextFile } from '../../files/writeTextFile.ts';

/** What an experiment leaves; `README.md` last, so that a folder that has one is whole. */
export interface ExperimentFiles {
  readonly config: unknown;
  readonly results: unknown;
  /** SVG files by name, such as `figure.svg`. */
  readonly figures: Readonly<Record<string, string>>;
  readonly markdown: string;
}

/** @throws InputError before any work where the files could not be written at its end */
export async function requireWritableFolder(folder: string, figures: readonly string[]): Promise<void> {
  for (const name of ['config.json', 'results.json', ...figures, 'README.md']) {
    await requireWritable(join(folder, name), true);
  }
}

/** Each file whole or not at all. @throws InputError where that is impossible */
export async function writeExperiment(folder: string, files: ExperimentFiles): Promise<void> {
  await writeTextFile(join(folder, 'config.json'), `${jsonText(files.config)}\n`);
  await writeTextFile(join(folder, 'results.json'), `${jsonText(files.results)}\n`);
  for (const [name, svg] of Object.entries(files.figures)) await writeTextFile(join(folder, name), svg);
  await writeTextFile(join(folder, 'README.md'), files.markdown);
}
