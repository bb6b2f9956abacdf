import type { Command, CommanderError, Option } from 'commander';
import { InputError } from '../../engine/core/errors.ts';

/**
 * Explains surplus arguments that were probably meant as further values of a comma-separated option, as in `-s Ann Bob`.
 * @param words the command line
 * @returns an InputError that says how the list is written; the error itself if it has another cause
 */
export function withListAdvice(error: CommanderError, command: Command, words: readonly string[]): Error {
  if (error.code !== 'commander.excessArguments') return error;
  const surplus = command.args.length - command.registeredArguments.length;
  for (const option of command.options.filter(isList)) {
    const index = words.findLastIndex((word) => word === option.short || word === option.long);
    if (index === -1) continue;
    const reason = error.message.replace(/^error: /, '').replace(/\.$/, '');
    const values = words.slice(index + 1, index + 2 + surplus).map((value) => value.replace(/,+$/, ''));
    return new InputError(
      `${reason}; separate the values of ${option.long} by commas, without spaces: ${words[index]} ${quoted(values.join(','))}`,
    );
  }
  return error;
}

/** Whether an option takes several values: `<A,B,...>`. */
function isList(option: Option): boolean {
  return /,\.\.\.>$/.test(option.flags);
}

/** Quotes a word for a shell if it contains a space. */
function quoted(word: string): string {
  return word.includes(' ') ? `"${word}"` : word;
}
