import type { DatasetSplit } from '../evaluation/index.ts';
import { type ExperimentOptions, UPDATES } from './experimentSettings.ts';
import type { PaperTrainingTime } from './reconstruction.ts';

export interface ExperimentFacts {
  readonly options: ExperimentOptions;
  readonly split: DatasetSplit;
  /** Command line that recreates the folder. */
  readonly command: string;
}

/** Builds the contents of `config.json`. */
export function experimentConfig({ options, split, command }: ExperimentFacts) {
  const { dataset, pairs, seed, paper } = options;
  return {
    command,
    dataset: dataset.folder,
    sampleRateHertz: dataset.sampleRateHertz,
    split,
    seed,
    speakers: dataset.speakers.map(({ name, sex }) => ({ name, sex })),
    pairs: pairs.map(({ first, second }) => [first.name, second.name]),
    paper,
  };
}

/** Introduces the page: command, speakers, conditions and methods. */
export function experimentHead(title: string, { options, split, command }: ExperimentFacts): string {
  const { dataset, pairs, seed } = options;
  const speakers = new Set(pairs.flatMap(({ first, second }) => [first.name, second.name]));
  return [
    `# ${title}`,
    '',
    `    ${command}`,
    '',
    `${pairs.length} pairs of ${speakers.size} speakers (${[...speakers].join(', ')}), ${dataset.sampleRateHertz} Hz, seed ${seed}; ${split.train} recordings of each`,
    `train, ${split.test} test. 20 templates from at most 20 s of speech, |X|^0.5, sine window of N samples, hop N/2.`,
    '',
    '- `nmf`: a matrix learnt at each N.',
    '- `interpolated`: the matrix learnt at N = 2000, linearly interpolated over frequency.',
    '- `innmf`: this program, with its own trainer: one network over frequency and window length, fitted to matrices learnt at five',
    '  windows from 16 to 256 ms, not only at N = 2000.',
    '- `paper`: the networks and the optimiser as published, learnt at N = 2000.',
    '',
    `The first three use ${UPDATES} multiplicative updates, so that the NMF matrices have converged. The default of this program is 20, which`,
    'reconstructs speech worse but separates better.',
  ].join('\n');
}

/** States which of the paper's networks were trained, and for how long. */
export function paperRemark({ paper, pairs }: ExperimentOptions, trainings: readonly PaperTrainingTime[]): string {
  if (paper === null) return '`paper` was left out: its training takes minutes per speaker (`--with-paper`).';
  const all = new Set(pairs.flatMap(({ first, second }) => [first.name, second.name]));
  const named = [...all].filter((name) => paper.speakers.includes(name));
  const coverage =
    named.length === all.size
      ? `all ${all.size} speakers`
      : `${named.length} of ${all.size} speakers only (${named.join(', ')})`;
  const coordinate = paper.coordinate === 'hertz' ? 'with frequency in hertz' : 'with n / (N/2 + 1) as published';
  const times = trainings.map(({ seconds }) => seconds);
  const duration =
    times.length === 0
      ? ''
      : ` Training took ${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)} s per speaker on one thread of a shared machine.`;
  return `\`paper\` was trained for ${coverage}, ${paper.epochs} epochs, ${coordinate}.${duration}`;
}
