import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as Program from '../../host/commands/program.ts';
import type * as Library from '../../host/library/PresetLibrary.ts';
import { CapturedTerminal } from './CapturedTerminal.ts';

export interface CommandResult {
  /** null: killed by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

// The built program, not the sources: Node's worker threads cannot load TypeScript.
const CLI = new URL('../../dist/host/cli.js', import.meta.url);
const PROGRAM = new URL('commands/program.js', CLI).href;
const LIBRARY = new URL('library/PresetLibrary.js', CLI).href;

/** Settles when the running command ends. Commands share the working directory and environment of this process, so they run one at a time. */
let running: Promise<unknown> = Promise.resolve();

/**
 * Runs a command line of the built program inside the test's own process, which saves the start of another one.
 * @param folder working directory, and the user's own presets and settings
 * @param environment variables in addition to those of the tests
 */
export function runCommand(
  words: readonly string[],
  folder: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<CommandResult> {
  const result = running.then(() => runHere(words, folder, environment));
  running = result.catch(() => {});
  return result;
}

async function runHere(
  words: readonly string[],
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<CommandResult> {
  const { runProgram } = (await import(PROGRAM)) as typeof Program;
  const { PresetLibrary } = (await import(LIBRARY)) as typeof Library;
  const before = { folder: process.cwd(), environment: process.env };
  process.env = { ...userEnvironment(folder), ...environment };
  process.chdir(folder);
  try {
    const terminal = new CapturedTerminal();
    const context = { terminal, library: new PresetLibrary(), signal: new AbortController().signal };
    const code = await runProgram(words, context);
    return { code, stdout: terminal.stdout, stderr: terminal.stderr };
  } finally {
    process.chdir(before.folder);
    process.env = before.environment;
  }
}

/**
 * Runs the built program as a user would, in a process of its own.
 * @param folder as for `runCommand`
 * @param onStart called with the process, to send it signals
 */
export function spawnCommand(
  words: readonly string[],
  folder: string,
  onStart?: (child: ChildProcess) => void,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(CLI), ...words], {
      env: userEnvironment(folder),
      cwd: folder,
    });
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

function userEnvironment(folder: string): NodeJS.ProcessEnv {
  return { ...process.env, UNMINGLE_PRESETS: folder, UNMINGLE_SETTINGS: join(folder, 'live.json') };
}
