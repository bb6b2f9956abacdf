import { Option } from 'commander';
import { TRAINING_TRANSFORMS, type TrainingTransform } from '../../engine/model/Preset.ts';
import { choiceOption } from './optionValues.ts';
import type { Terminal } from './Terminal.ts';

/** Option `--transform` of `experiment train`; hidden in `train`, where it will be removed. */
export function trainingTransformOption(isExperiment: boolean): Option {
  return new Option(
    '--transform <name>',
    `representation to learn from: ${TRAINING_TRANSFORMS.join(', ')} (stft, cqt and reassigned together)`,
  )
    .argParser(choiceOption('--transform', TRAINING_TRANSFORMS))
    .default('stft')
    .hideHelp(!isExperiment);
}

/** @returns the last lines of the help */
export function trainingTransformHelp(isExperiment: boolean): string {
  return isExperiment
    ? '  unmingle experiment train recordings/ann --name ann --transform adaptive'
    : '\nOther representations than the STFT: unmingle experiment train --help';
}

/** Reports where `train --transform` has moved. */
export function noticeTrainingTransform(transform: TrainingTransform, isExperiment: boolean, terminal: Terminal): void {
  if (isExperiment || transform === 'stft') return;
  terminal.notice('train --transform is an experiment now: unmingle experiment train --transform');
}
