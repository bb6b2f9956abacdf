import { describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { AudioError } from '../../../host/audio/backend/AudioError.ts';
import { deserializeError, serializeError } from '../../../host/rpc/SerializedError.ts';

/** Copies a value as a message port or an IPC channel does. */
const transmit = (thrown: unknown) => deserializeError(structuredClone(serializeError(thrown)));

describe('a serialised error', () => {
  it('keeps kind, remedy and text of an audio error', () => {
    const sent = new AudioError('busy', '"Mic" is used by another program', 'close it');
    const received = transmit(sent) as AudioError;
    expect(received).toBeInstanceOf(AudioError);
    expect({ ...received }).toEqual({ ...sent });
    expect(received.message).toBe(sent.message);
  });

  it('keeps an input error an input error, without a stack on the wire', () => {
    const received = transmit(new InputError('window must be at most 1 s, got 2'));
    expect(received).toBeInstanceOf(InputError);
    expect(received).not.toBeInstanceOf(AudioError);
    expect(received.message).toBe('window must be at most 1 s, got 2');
    expect(serializeError(new InputError('no'))).toEqual({
      kind: 'input',
      message: 'no',
      remedy: null,
      isUserError: true,
    });
  });

  it('keeps message and original stack of an internal error apart', () => {
    const sent = new TypeError('x is not a function');
    const received = transmit(sent);
    expect(received).not.toBeInstanceOf(InputError);
    expect(received.message).toBe('x is not a function');
    expect(received.stack).toBe(sent.stack);
    expect(serializeError(sent).isUserError).toBe(false);
  });

  it.each([['a text'], [null], [{ code: 3 }]])('describes %o, which is not an Error, as internal', (thrown) => {
    expect(serializeError(thrown)).toEqual({
      kind: 'internal',
      message: String(thrown),
      remedy: null,
      isUserError: false,
    });
  });
});
