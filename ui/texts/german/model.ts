import type { model as english } from '../english/model.ts';

export const model: typeof english = {
  undo: 'Rückgängig',
  removed: (name) => `${name} entfernt`,
  deleted: (name) => `${name} gelöscht`,
  similarity: {
    low: 'Gut trennbar.',
    medium: 'Trennbar mit etwas Übersprechen.',
    high: 'Ähnliche Stimmen: mit Übersprechen rechnen.',
  },
};
