let users = 0;
let original = console.error;
const discard = () => {};

/**
 * Suppresses `console.error` while at least one user needs it. Users may overlap: the first one replaces the function, the last one
 * restores it. Each `acquire` must be followed by exactly one `release`.
 */
export const silentConsole = {
  acquire(): void {
    if (users++ > 0) return;
    original = console.error;
    console.error = discard;
  },
  release(): void {
    // A function that other code has installed in the meantime is kept.
    if (--users === 0 && console.error === discard) console.error = original;
  },
};
