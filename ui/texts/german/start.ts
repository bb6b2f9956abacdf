import type { start as english } from '../english/start.ts';

export const start: typeof english = {
  name: 'Startseite',
  heading: 'Stimmen trennen, die gleichzeitig sprechen',
  cards: {
    demo: {
      title: 'Demo anhören',
      text: 'Zwei Menschen reden gleichzeitig. Auf dieser Seite zu hören: zusammen und einzeln.',
    },
    recording: {
      title: 'Aufnahme trennen',
      text: 'Audio- oder Videodatei öffnen und für jede Person eine Spur erhalten.',
    },
    live: {
      title: 'Live starten',
      text: 'Die Stimmen am Mikrofon trennen, während sie sprechen.',
    },
    voice: {
      title: 'Stimme anlernen',
      text: '20 Sekunden einer Person aufnehmen, damit Unmingle sie von anderen unterscheidet.',
    },
  },
  opening: 'Audiogeräte werden geöffnet…',
  noInput: 'keines',
  demoRuns: 'Die Demo läuft. Nichts wird aufgenommen.',
  heardNowhere: (input) => `Mikrofon: ${input}; noch ist nichts zu hören.`,
  heardOn: (input, output) => `Mikrofon: ${input}; zu hören über ${output}.`,
};
