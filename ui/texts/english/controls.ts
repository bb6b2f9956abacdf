export const controls = {
  /** A choice that is no longer offered. */
  unavailable: (choice: string) => `${choice} (unavailable)`,
  /** The field in which the value of a fader is typed. */
  valueOf: (fader: string) => `${fader}, value`,
};
