import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const PROGRAM = fileURLToPath(new URL('../../dist/host/cli.js', import.meta.url));

/** Runs the built program as a user would. @param ownPresets folder that stands for the user's own presets and settings */
export function runCommand(
  words: readonly string[],
  ownPresets: string,
  onStart?: (child: ChildProcess) => void,
): Promise<CommandResult> {
  const settings = join(ownPresets, 'live.json');
  const environment = { ...process.env, UNMINGLE_PRESETS: ownPresets, UNMINGLE_SETTINGS: settings };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...words], { env: environment, cwd: ownPresets });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text) => {
      stdout += text;
    });
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    onStart?.(child);
  });
}
