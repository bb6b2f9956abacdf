import { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import type { CheckResult } from '../doctor/Check.ts';
import { jsonText } from '../files/jsonText.ts';
import type { CommandContext } from './CommandContext.ts';
import { wrapped } from './paragraphs.ts';

interface DoctorOptions {
  readonly json?: boolean;
}

/** Columns of the status and of the longest name, with the spaces after them. */
const STATUS_COLUMNS = 9;
const NAME_COLUMNS = 12;

export function doctorCommand(context: CommandContext): Command {
  return new Command('doctor')
    .summary('check this machine, and say what to do')
    .description(
      'Checks what the program needs: Node.js, native packages, devices, permission, port, folders and free space. A note affects a part of the functions only, such as live sound. The exit code is 1 if a check finds a problem.',
    )
    .option('--json', 'print the results as JSON, and nothing else, to stdout')
    .addHelpText('after', '\nExamples:\n  unmingle doctor\n  unmingle doctor --json')
    .action((options: DoctorOptions) => doctor(context, options));
}

/** @throws InputError if a check finds a problem; the results have been printed by then */
async function doctor({ terminal, library, signal }: CommandContext, { json }: DoctorOptions): Promise<void> {
  // Loaded here, because session and panel, which are checked, are large.
  const [{ runChecks }, { doctorChecks }] = await Promise.all([
    import('../doctor/Check.ts'),
    import('../doctor/checks.ts'),
  ]);
  terminal.status('checking ...');
  const results = await runChecks(doctorChecks(library.ownFolder), signal);
  terminal.status(null);
  signal.throwIfAborted();
  const problems = results.filter(({ status }) => status === 'problem').map(({ name }) => name);
  terminal.result(
    json === true ? jsonText({ isReady: problems.length === 0, checks: results }) : results.map(resultText).join('\n'),
  );
  if (problems.length > 0) throw new InputError(`problems found: ${problems.join(', ')}`);
}

/** One line for what was found, and one for what to do; continued lines are indented. */
function resultText({ status, name, found, remedy }: CheckResult): string {
  const indent = STATUS_COLUMNS + NAME_COLUMNS;
  const start = status.padEnd(STATUS_COLUMNS) + name.padEnd(NAME_COLUMNS);
  const texts = [found, ...(remedy === null ? [] : [`-> ${remedy}`])];
  const lines = texts.flatMap((text) => wrapped(text, 80 - indent).split('\n'));
  return lines.map((line, index) => (index === 0 ? start : ' '.repeat(indent)) + line).join('\n');
}
