import type { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';

/**
 * Refuses options that a command would not read.
 * @param flags long names, such as `--port`
 * @param circumstance why they have no effect, such as `with --no-panel`
 * @throws InputError if the user gave any of them; a default value does not count
 */
export function refuseOptions(command: Command, flags: readonly string[], circumstance: string): void {
  const given = command.options
    .filter((option) => flags.includes(option.long ?? ''))
    .filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli')
    .map(({ long }) => long);
  if (given.length === 0) return;
  const [verb, pronoun] = given.length === 1 ? ['has', 'it'] : ['have', 'them'];
  throw new InputError(`${given.join(' and ')} ${verb} no effect ${circumstance}; leave ${pronoun} out`);
}
