import { InputError } from './errors.ts';

/** Names of devices on Windows. Superscript digits count as digits there. */
const DEVICE_NAME = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9¹²³])$/i;

/** @returns why `fileName` cannot be used on every system, to follow the name in a message; null if it can */
export function fileNameProblem(fileName: string): string | null {
  if (isDeviceName(fileName)) return 'is the name of a device on Windows';
  if (/[. ]$/.test(fileName)) return 'must not end in a dot or space, which Windows removes';
  return null;
}

/** @throws InputError if a file of this name cannot be used on every system */
export function requireFileName(fileName: string): void {
  const problem = fileNameProblem(fileName);
  if (problem !== null)
    throw new InputError(`the file name ${JSON.stringify(fileName)} ${problem}; choose another name`);
}

/**
 * Two names with equal keys are the same file on a file system that ignores case or the Unicode normal form, as those of Windows and macOS
 * do. Upper case comes first, since letters such as ß have no single capital.
 */
export function nameKey(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

/** Whether Windows opens a device instead of a file of this name. It ignores case, extensions, and spaces before them. */
function isDeviceName(fileName: string): boolean {
  const base = fileName.replace(/[.:].*$/s, '').trimEnd();
  return DEVICE_NAME.test(base);
}
