/** @param error a fault of the program, as opposed to a mistake of the user @returns a request to report it, with its stack */
export function internalErrorText(error: unknown): string {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `internal error, please report it: ${trace}`;
}
