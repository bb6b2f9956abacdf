import { type Command, Option } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { ATTEMPTS_RANGE, PRIORITY_RANGE } from '../queue/JobQueue.ts';
import { integerOption, pathOption } from './optionValues.ts';
import { refuseOptions } from './unreadOptions.ts';

/** Parsed values of `storageOption` and `queueOption`. */
export interface QueueOptions {
  /** `redis://HOST`, which may hold a password. */
  readonly queue?: string;
  /** A folder, or `s3://bucket/prefix`. */
  readonly storage?: string;
}

/** Parsed values of `addBatchOptions`. */
export interface BatchOptions extends QueueOptions {
  readonly batch?: string;
  readonly jobs?: number;
  readonly attempts: number;
  readonly priority: number;
  readonly detach?: boolean;
}

/** Long names of the options that only a batch reads, besides --batch itself. */
export const BATCH_OPTIONS = ['--queue', '--storage', '--jobs', '--attempts', '--priority', '--detach'] as const;
const MOST_JOBS = 1024;

/** `--queue`, the same in every command that has it. */
export function queueOption(): Option {
  return new Option(
    '--queue <url>',
    'Redis or Valkey, redis://HOST or rediss:// with TLS; the environment variable UNMINGLE_QUEUE keeps a password out of the list of processes',
  ).argParser(pathOption('--queue'));
}

/** `--storage`, the same in every command that has it. */
export function storageOption(fallback: string): Option {
  return new Option(
    '--storage <dir|s3://bucket/prefix>',
    `where recordings are found and results are left; paths are relative to it (default: ${fallback})`,
  ).argParser(pathOption('--storage'));
}

/** `--jobs`, the same in every command that has it. */
export function jobsOption(): Option {
  return new Option('--jobs <N>', 'jobs at once (default: one a core, as far as they fit in memory)').argParser(
    integerOption('--jobs', 1, MOST_JOBS),
  );
}

/** Adds `--batch` and what it reads. @param list what a line of the list holds */
export function addBatchOptions(command: Command, list: string): Command {
  const { minimum, maximum } = PRIORITY_RANGE;
  return command
    .option('--batch <list>', list, pathOption('--batch'))
    .addOption(queueOption())
    .addOption(storageOption('this disk'))
    .addOption(jobsOption())
    .addOption(
      new Option('--attempts <N>', 'with --batch: how often a job is tried, later each time')
        .argParser(integerOption('--attempts', ATTEMPTS_RANGE.minimum, ATTEMPTS_RANGE.maximum))
        .default(ATTEMPTS_RANGE.default),
    )
    .addOption(
      new Option('--priority <N>', `with --queue: ${minimum} is first, ${maximum} last`)
        .argParser(integerOption('--priority', minimum, maximum))
        .default(PRIORITY_RANGE.default),
    )
    .option('--detach', 'with --queue: submit the jobs and do not wait for them');
}

/**
 * @returns address of the queue; null: the threads of this process
 * @throws InputError for options that have no effect
 */
export function requireBatchOptions(command: Command, { batch, queue, storage }: BatchOptions): string | null {
  if (batch === undefined) {
    refuseOptions(command, BATCH_OPTIONS, 'without --batch <list>');
    return null;
  }
  const address = queue ?? process.env.UNMINGLE_QUEUE ?? '';
  if (address === '') {
    refuseOptions(command, ['--priority', '--detach'], 'without --queue <url>');
    return null;
  }
  refuseOptions(command, ['--jobs'], 'with --queue: workers have it');
  if (storage === undefined) {
    throw new InputError('--queue needs --storage <dir|s3://bucket/prefix>, where all workers find the recordings');
  }
  return address;
}
