import { join } from 'node:path';
import { jsonText } from '../../files/jsonText.ts';
import { requireWritable, writeTextFile } from '../../files/writeTextFile.ts';

/** Files of an experiment. `README.md` is written last, so a folder that has one is complete. */
export interface ExperimentFiles {
  readonly config: unknown;
  readonly results: unknown;
  /** Contents of SVG files by name, such as `figure.svg`. */
  readonly figures: Readonly<Record<string, string>>;
  readonly markdown: string;
}

/** Checks before the experiment that its files can be written. @throws InputError otherwise */
export async function requireWritableFolder(folder: string, figures: readonly string[]): Promise<void> {
  for (const name of ['config.json', 'results.json', ...figures, 'README.md']) {
    await requireWritable(join(folder, name), true);
  }
}

/** Writes the files, each atomically. @throws InputError if one cannot be written */
export async function writeExperiment(folder: string, files: ExperimentFiles): Promise<void> {
  await writeTextFile(join(folder, 'config.json'), `${jsonText(files.config)}\n`);
  await writeTextFile(join(folder, 'results.json'), `${jsonText(files.results)}\n`);
  for (const [name, svg] of Object.entries(files.figures)) await writeTextFile(join(folder, name), svg);
  await writeTextFile(join(folder, 'README.md'), files.markdown);
}
