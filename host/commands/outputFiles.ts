import { type OutputRules, replacementNotice, requireOutputs } from '../files/outputs.ts';
import type { Terminal } from './Terminal.ts';

/** Help text of `--force` for commands that write several files. */
export const FORCE_HELP = 'replace existing files of these names';

/**
 * Checks before any work that a command may write its files, and reports those that --force replaces.
 * @param paths of all files that the command is going to write
 * @throws InputError as `requireOutputs`
 */
export async function claimOutputs(terminal: Terminal, paths: readonly string[], rules: OutputRules): Promise<void> {
  const notice = replacementNotice(await requireOutputs(paths, rules));
  if (notice !== null) terminal.notice(notice);
}
