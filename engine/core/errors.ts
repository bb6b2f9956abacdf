/**
 * Invalid input from the caller or the user. The message names the input, its value and what is allowed.
 * Commands print it as one line without a stack trace and exit with 1; any other error is a bug.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** @throws InputError unless `value` is an integer in [minimum, maximum] */
export function requireInteger(name: string, value: number, minimum: number, maximum: number): void {
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw new InputError(`${name} must be an integer between ${minimum} and ${maximum}, got ${value}`);
  }
}

/** @throws InputError unless `value` is a finite number in [minimum, maximum] */
export function requireNumber(name: string, value: number, minimum: number, maximum: number): void {
  if (!Number.isFinite(value) || value < minimum || value > maximum) {
    throw new InputError(`${name} must be a number between ${minimum} and ${maximum}, got ${value}`);
  }
}
