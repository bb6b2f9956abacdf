import { InputError } from '../../engine/core/errors.ts';
import { NameTakenError } from '../library/NameTakenError.ts';
import type { HostError } from '../protocol/hostError.ts';
import { serializeError } from '../rpc/SerializedError.ts';
import { LimitError } from './LimitError.ts';
import { VoiceGoneError } from './VoiceGoneError.ts';

/** Shown in place of an internal error, whose text may hold paths or a stack. */
const INTERNAL: HostError = {
  kind: 'internal',
  message: 'the host failed to carry this out',
  remedy: 'the terminal of unmingle live shows why',
};

/** The error as panels and remote controls receive it. @param thrown anything that was thrown */
export function hostError(thrown: unknown): HostError {
  if (thrown instanceof NameTakenError) return { kind: 'name-taken', message: thrown.message, remedy: null };
  if (thrown instanceof VoiceGoneError) {
    return { kind: 'voice-gone', message: thrown.message, remedy: null, voice: thrown.voice };
  }
  if (thrown instanceof LimitError) return { kind: 'limit', message: thrown.message, remedy: null };
  const { kind, message, remedy } = serializeError(thrown);
  return kind === 'internal' ? INTERNAL : { kind, message, remedy };
}

/** The error in one line, for people. */
export function reasonText(thrown: unknown): string {
  return thrown instanceof InputError ? thrown.message : `${INTERNAL.message}; ${INTERNAL.remedy}`;
}
