import type { SeparationMethod } from './SeparationMethod.ts';

/** Lower bound: the unprocessed mixture as the estimate of every speaker. */
export const mixture: SeparationMethod = {
  name: 'mixture',
  summary: 'the unprocessed mixture',
  isTrained: false,
  train: async () => ({ kind: 'untrained' }),
  separate: async ({ mixture, references }) => references.map(() => mixture.slice()),
};
