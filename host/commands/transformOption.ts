import { type Command, Option } from 'commander';
import { choiceOption } from './optionValues.ts';
import { refuseOptions } from './unreadOptions.ts';

export type SeparationTransform = 'stft' | 'cqt';

/** Adds `--transform` as a hidden option: it moved to `unmingle experiment separate` and will be removed from `separate`. */
export function addTransformOption(command: Command): Command {
  return command
    .addOption(
      new Option('--transform <stft|cqt>')
        .argParser(choiceOption<SeparationTransform>('--transform', ['stft', 'cqt']))
        .hideHelp(),
    )
    .addHelpText('after', '\nConstant-Q instead of the STFT: unmingle experiment separate --help');
}

/** @throws InputError for an option on the command line that the constant-Q separation would ignore */
export function requireConstantQOptions(command: Command): void {
  refuseOptions(command, ['--channel', '--latency', '--window', '--rest', '--offline'], 'with --transform cqt');
}
