import { basename, dirname, join } from 'node:path';

/** A hidden file name beside `path`, unique to this process. On the same disk, so that renaming it to `path` is atomic. */
export function temporaryPathBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.partial`);
}
