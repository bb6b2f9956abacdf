import { plural } from '../../base/numberText.ts';
import type { visualizer as english } from '../english/visualizer.ts';

export const visualizer: typeof english = {
  name: 'Visualisierung',
  view: 'Ansicht',
  views: {
    spectra: { label: 'Spektren', hint: 'Spektrogramme der Mischung und jeder Stimme' },
    activations: { label: 'Aktivierungen', hint: 'Aktivierungen der Templates jeder Stimme im Zeitverlauf' },
    templates: { label: 'Templates', hint: 'Spektren der Templates einer Stimme' },
  },
  frequencyAxis: 'Frequenzachse',
  scales: { log: 'Log', linear: 'Linear' },
  timeSpan: 'Zeitspanne',
  mask: 'Maske',
  maskLabel: 'Maske einblenden',
  maskHint: 'In jeder Bahn die Mischung zeigen, farbig, wo sie zur Stimme gehört',
  rest: 'Rest',
  restLabel: 'Bahn für den Rest',
  restHint: 'Den Ton zeigen, der keiner Stimme zugeordnet ist',
  mixture: 'Mischung',
  spectrogramsOf: (lanes) => `Spektrogramme: ${lanes}. Pfeiltasten bewegen den Cursor.`,
  activationsOf: (lanes) => `Aktivierungen: ${lanes}. Pfeiltasten bewegen den Cursor.`,
  noActivations: 'Stimme laden, um Aktivierungen zu sehen.',
  noSignal: 'noch kein Signal',
  silent: 'still',
  templateNumber: (number) => `Template ${number}`,
  speaker: 'Stimme',
  dftSize: 'DFT-Größe',
  template: 'Template',
  windowAsDft: 'Fenster so lang wie die DFT',
  templatesOf: (speaker) => `Templates über der Frequenz: ${speaker}`,
  noSpeaker: 'keine Stimme',
  loading: 'Preset wird geladen…',
  sampling: (templates, points, spacing) =>
    `${templates} ${plural(templates, 'Template', 'Templates')} an ${points} Frequenzen im Abstand von ${spacing}`,
};
