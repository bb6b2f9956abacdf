import type { controls as english } from '../english/controls.ts';

export const controls: typeof english = {
  unavailable: (choice) => `${choice} (nicht verfügbar)`,
  valueOf: (fader) => `${fader}, Wert`,
};
