import { join } from 'node:path';
import { jsonText } from '../../files/jsonText.ts';
import type { WriteMode } from '../../files/partialFile.ts';
import { writeTextFile } from '../../files/writeTextFile.ts';

/** Files of an experiment. `README.md` is written last, so a folder that has one is complete. */
export interface ExperimentFiles {
  readonly config: unknown;
  readonly results: unknown;
  /** Contents of SVG files by name, such as `figure.svg`. */
  readonly figures: Readonly<Record<string, string>>;
  readonly markdown: string;
}

/** Paths of all files of an experiment. @param figures names of its SVG files */
export function experimentPaths(folder: string, figures: readonly string[]): string[] {
  return ['config.json', 'results.json', ...figures, 'README.md'].map((name) => join(folder, name));
}

/** Writes the files, each atomically. @throws InputError if one cannot be written */
export async function writeExperiment(folder: string, files: ExperimentFiles, mode: WriteMode): Promise<void> {
  await writeTextFile(join(folder, 'config.json'), `${jsonText(files.config)}\n`, mode);
  await writeTextFile(join(folder, 'results.json'), `${jsonText(files.results)}\n`, mode);
  for (const [name, svg] of Object.entries(files.figures)) await writeTextFile(join(folder, name), svg, mode);
  await writeTextFile(join(folder, 'README.md'), files.markdown, mode);
}
