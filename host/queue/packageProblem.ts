import { InputError } from '../../engine/core/errors.ts';

/**
 * Packages that only queues need are not installed with the program, which they would make heavier by half for everybody.
 * @param error thrown by the import of one of them
 * @param user what needs them, such as `--queue`
 */
export function packageProblem(error: unknown, user: string, packages: readonly string[]): InputError {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const what = isMissing ? `is not installed` : `cannot be loaded (${reason})`;
  return new InputError(`${user} needs ${packages.join(' and ')}, which ${what}: npm install ${packages.join(' ')}`);
}
