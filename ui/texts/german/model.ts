import type { model as english } from '../english/model.ts';

export const model: typeof english = {
  undo: 'Rückgängig',
  removed: (name) => `${name} entfernt`,
  deleted: (name) => `${name} gelöscht`,
  separability: {
    good: 'Gut trennbar.',
    fair: 'Trennbar mit etwas Übersprechen.',
    poor: 'Ähnliche Stimmen: mit Übersprechen rechnen.',
  },
};
