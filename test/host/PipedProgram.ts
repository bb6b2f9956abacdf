import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/host/cli.js', import.meta.url));

export interface PipeResult {
  /** Exit code of the built program; null: killed by a signal. */
  readonly code: number | null;
  /** What the built program printed to standard error. */
  readonly stderr: string;
  /** What the reader printed. */
  readonly read: Buffer;
}

/**
 * Runs `unmingle WORDS | node -e READER`, as a shell does.
 * @param reader a Node program that reads standard input
 */
export async function pipeInto(
  words: readonly string[],
  reader: string,
  environment: NodeJS.ProcessEnv,
): Promise<PipeResult> {
  const listener = spawn(process.execPath, ['-e', reader], { stdio: ['pipe', 'pipe', 'inherit'] });
  // The pipe itself is standard output, so that no process of the test stands between the two.
  const program = spawn(process.execPath, [CLI, ...words], {
    env: environment,
    stdio: ['ignore', listener.stdin!, 'pipe'],
  });
  listener.stdin!.destroy();
  const read: Buffer[] = [];
  let stderr = '';
  listener.stdout!.on('data', (bytes: Buffer) => read.push(bytes));
  program.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const closed = new Promise((resolve) => listener.once('close', resolve));
  const code = await new Promise<number | null>((resolve) => program.once('close', resolve));
  await closed;
  return { code, stderr, read: Buffer.concat(read) };
}
