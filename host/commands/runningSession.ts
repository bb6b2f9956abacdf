import { InputError } from '../../engine/core/errors.ts';
import { checkHttpAnswer } from '../protocol/httpAnswers.ts';

const ANSWER_MILLISECONDS = 3000;

/** A session of this user that listens at the port of a new one. */
export interface RunningSession {
  /** Address of its panel, with the token. */
  readonly address: string;
  /** For a browser's command line: holds a code that is valid once, instead of the token. */
  readonly loginAddress: string;
}

/** @returns the session that listens at this port; null: none of this user does */
export async function runningSession(port: number): Promise<RunningSession | null> {
  const { runningAddress } = await import('../panel/remoteAddress.ts');
  const socket = await runningAddress().catch(() => null);
  if (socket === null) return null;
  const { host, port: usedPort, searchParams } = new URL(socket);
  if (Number(usedPort) !== port) return null;
  const token = searchParams.get('token') ?? '';
  try {
    const answer = await fetch(`http://${host}/code`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
    });
    const { code } = checkHttpAnswer('code', await answer.json());
    return {
      address: `http://${host}/?token=${encodeURIComponent(token)}`,
      loginAddress: `http://${host}/?code=${encodeURIComponent(code)}`,
    };
  } catch {
    // It has ended without removing its address, or is another program.
    return null;
  }
}

/** @throws InputError for options that a session which runs already cannot follow */
export function refuseForRunning(options: readonly string[], port: number): void {
  if (options.length === 0) return;
  throw new InputError(
    `a session is running already at port ${port}, so ${options.join(', ')} cannot be applied: change it in its panel or with unmingle control, stop it, or start another one with --port 0`,
  );
}
