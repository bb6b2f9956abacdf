import { AudioError } from './AudioError.ts';

/** @param name of a native package that cannot be loaded @param error thrown by its import @param remedy how it is installed */
export function packageError(name: string, error: unknown, remedy: string): AudioError {
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  const happened =
    isMissing && reason.includes(`'${name}'`) ? `${name} is not installed` : `${name} cannot be loaded (${reason})`;
  return new AudioError('package-missing', happened, remedy);
}
