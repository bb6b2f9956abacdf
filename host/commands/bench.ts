import { Command } from 'commander';
import type { CommandContext } from './CommandContext.ts';

export function benchCommand(_context: CommandContext): Command {
  return new Command('bench');
}
