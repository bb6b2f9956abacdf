import { writeTextFile } from './writeTextFile.ts';

/** Writes a file that only its user can read, atomically; an existing file's permissions are not kept. @throws InputError if it cannot be written */
export function writePrivateFile(path: string, text: string): Promise<void> {
  return writeTextFile(path, text, 'replace', 0o600);
}
