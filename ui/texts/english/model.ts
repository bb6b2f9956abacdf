export const model = {
  undo: 'Undo',
  removed: (name: string) => `Removed ${name}`,
  deleted: (name: string) => `Deleted ${name}`,
  separability: {
    good: 'Separates well.',
    fair: 'Separates with some leakage.',
    poor: 'Similar voices: expect leakage.',
  },
};
