export const start = {
  name: 'Start',
  heading: 'Separate people who talk at once',
  cards: {
    demo: {
      title: 'Listen to the demo',
      text: 'Two people talk at once. Hear them from this page, together and one at a time.',
    },
    recording: {
      title: 'Separate a recording',
      text: 'Open an audio or video file and get a track of each person.',
    },
    live: {
      title: 'Go live',
      text: 'Separate the people at your microphone while they speak.',
    },
    voice: {
      title: 'Teach a voice',
      text: 'Record 20 seconds of one person, so that Unmingle can tell them from others.',
    },
  },
  opening: 'Opening the sound devices…',
  /** In the place of the microphone's name. */
  noInput: 'none',
  demoRuns: 'The demo is running. Nothing is recorded.',
  heardNowhere: (input: string) => `Microphone: ${input}; you hear nothing yet.`,
  heardOn: (input: string, output: string) => `Microphone: ${input}; you hear it on ${output}.`,
};
