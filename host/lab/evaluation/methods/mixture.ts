import type { SeparationMethod } from './SeparationMethod.ts';

/** The mixture itself as every speaker's estimate: the lower end, and what a separation is worth is told by the distance to it. */
export const mixture: SeparationMethod = {
  name: 'mixture',
  summary: 'the unprocessed mixture',
  isTrained: false,
  train: async () => ({ kind: 'untrained' }),
  separate: async ({ mixture, references }) => references.map(() => mixture.slice()),
};
