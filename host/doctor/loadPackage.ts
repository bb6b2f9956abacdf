import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';

/** Imports the module of its first argument, then prints the error's first line as the last one of stderr. */
const SCRIPT = `import(process.argv[1]).then(
  () => process.exit(0),
  (error) => {
    process.stderr.write('\\n' + String(error?.message ?? error).split('\\n')[0]);
    process.exit(1);
  },
);`;

export const NOT_INSTALLED = 'not installed';

/**
 * Loads a package in a process of its own, since native libraries print, hang and crash.
 * @returns why it cannot be loaded, in one line; null if it can
 */
export function loadProblem(name: string, signal: AbortSignal): Promise<string | null> {
  const url = resolved(name);
  if (url === null) return Promise.resolve(NOT_INSTALLED);
  // A library of PortAudio's wrapper writes crash logs into its working directory.
  const options = { signal, cwd: tmpdir(), killSignal: 'SIGKILL', encoding: 'utf8' } as const;
  return new Promise((resolve) => {
    execFile(process.execPath, ['--input-type=module', '--eval', SCRIPT, url], options, (error, _stdout, stderr) => {
      if (error === null) resolve(null);
      else if (error.signal) resolve(`its process was ended by ${error.signal}`);
      else resolve(stderr.trim().split('\n').at(-1) || error.message);
    });
  });
}

function resolved(name: string): string | null {
  try {
    return import.meta.resolve(name);
  } catch {
    return null;
  }
}
