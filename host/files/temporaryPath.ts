import { basename, dirname, join } from 'node:path';

/** A hidden name beside `path`, of this process only: on the same disk, so that renaming is one step that happens or does not. */
export function temporaryPathBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.partial`);
}
