export const model = {
  undo: 'Undo',
  removed: (name: string) => `Removed ${name}`,
  deleted: (name: string) => `Deleted ${name}`,
  /** What to expect of voices by the similarity of their templates. */
  similarity: {
    low: 'Separates well.',
    medium: 'Separates with some leakage.',
    high: 'Similar voices: expect leakage.',
  },
};
