import { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { jsonText } from '../files/jsonText.ts';
import { connectQueue } from '../queue/bullmq.ts';
import { type DeadLetter, QueueAdmin, type QueueCounts } from '../queue/QueueAdmin.ts';
import { type QueueOptions, queueOption } from './batchOptions.ts';
import type { CommandContext } from './CommandContext.ts';
import { integerOption } from './optionValues.ts';

interface StatusOptions extends QueueOptions {
  readonly failed: number;
  readonly json?: boolean;
}

export function queueCommand(context: CommandContext): Command {
  const command = new Command('queue')
    .summary('show and manage the jobs of batches')
    .description('Shows the jobs of a queue, tries those again that have failed, and removes those that wait.');
  command.addCommand(
    new Command('status')
      .summary('count jobs, list those that have failed')
      .description(
        'Counts the jobs in each state, and lists those that failed in their last attempt with file and reason.',
      )
      .addOption(queueOption())
      .option('--failed <N>', 'list at most N failed jobs, the latest first', integerOption('--failed', 0, 100_000), 50)
      .option('--json', 'print JSON')
      .action((options: StatusOptions) =>
        administer(context, options, async (admin) => {
          const counts = await admin.counts();
          const letters = options.failed === 0 ? [] : await admin.deadLetters(options.failed);
          return options.json === true ? jsonText({ ...counts, deadLetters: letters }) : statusText(counts, letters);
        }),
      ),
    { isDefault: true },
  );
  command.addCommand(
    new Command('retry')
      .summary('try failed jobs again')
      .description('Tries failed jobs again, with all their attempts.')
      .argument('[name...]', 'names of jobs, or beginnings of their ids (default: all that have failed)')
      .addOption(queueOption())
      .action((names: string[], options: QueueOptions) =>
        administer(context, options, async (admin) => `${await admin.retry(names)} jobs are tried again`),
      ),
  );
  command.addCommand(
    new Command('drain')
      .summary('remove the jobs that wait')
      .description('Removes the jobs that wait, also for another attempt. Those that run go on.')
      .addOption(queueOption())
      .option('--failed', 'remove those that have failed, too')
      .action((options: QueueOptions & { readonly failed?: boolean }) =>
        administer(context, options, async (admin) => `${await admin.drain(options.failed ?? false)} jobs removed`),
      ),
  );
  return command.addHelpText(
    'after',
    `
Examples:
  unmingle queue status --queue redis://queue.local
  unmingle queue retry ann --queue redis://queue.local
  unmingle queue drain --queue redis://queue.local`,
  );
}

/** @throws InputError if neither the option nor the environment has the address of a queue */
export function requiredQueue({ queue }: QueueOptions): string {
  const address = queue ?? process.env.UNMINGLE_QUEUE ?? '';
  if (address === '') throw new InputError('--queue <url> is missing, such as redis://localhost, or UNMINGLE_QUEUE');
  return address;
}

async function administer(
  { terminal }: CommandContext,
  options: QueueOptions,
  work: (admin: QueueAdmin) => Promise<string>,
): Promise<void> {
  const admin = new QueueAdmin(await connectQueue(requiredQueue(options), (text) => terminal.notice(text)));
  try {
    terminal.result(await work(admin));
  } finally {
    await admin.close();
  }
}

function statusText(counts: QueueCounts, letters: readonly DeadLetter[]): string {
  const { waiting, active, delayed, completed, failed, workers } = counts;
  const lines = [
    `${waiting} jobs wait, ${active} run, ${delayed} wait for another attempt, ${completed} are done, ${failed} have failed; ${workers} workers`,
  ];
  for (const { id, kind, name, file, reason, attempts } of letters)
    lines.push(`  ${id.slice(0, 12)}  ${kind} ${name}, ${attempts} attempts, ${file}: ${reason}`);
  return lines.join('\n');
}
