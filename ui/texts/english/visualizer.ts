import { plural } from '../../base/numberText.ts';

export const visualizer = {
  name: 'Visualizer',
  view: 'View',
  views: {
    spectra: { label: 'Spectra', hint: 'Spectrograms of the mixture and each speaker' },
    activations: { label: 'Activations', hint: "Activations of each speaker's templates over time" },
    templates: { label: 'Templates', hint: "Spectra of one speaker's templates" },
  },
  frequencyAxis: 'Frequency axis',
  scales: { log: 'Log', linear: 'Linear' },
  timeSpan: 'Time span',
  mask: 'Mask',
  maskLabel: 'Mask overlay',
  maskHint: 'Show the mixture in each lane, coloured where it belongs to the speaker',
  rest: 'Rest',
  restLabel: 'Rest lane',
  restHint: 'Show the sound assigned to no speaker',
  mixture: 'Mixture',
  /** @param lanes their names, separated by commas */
  spectrogramsOf: (lanes: string) => `Spectrograms of ${lanes}. Arrow keys move the cursor.`,
  activationsOf: (lanes: string) => `Activations of ${lanes}. Arrow keys move the cursor.`,
  noActivations: 'Load a speaker to see activations.',
  noSignal: 'no signal yet',
  silent: 'silent',
  /** @param number from 1 */
  templateNumber: (number: number) => `template ${number}`,
  speaker: 'Speaker',
  dftSize: 'DFT size',
  template: 'Template',
  windowAsDft: 'Window as long as the DFT',
  templatesOf: (speaker: string) => `Templates of ${speaker} over frequency`,
  noSpeaker: 'no speaker',
  loading: 'Loading preset…',
  /** @param spacing frequency with its unit */
  sampling: (templates: number, points: number, spacing: string) =>
    `${templates} ${plural(templates, 'template', 'templates')}, sampled at ${points} frequencies, ${spacing} apart`,
};
