import { InputError } from '../../engine/core/errors.ts';

/** A request means a voice that is not loaded, or not any more. */
export class VoiceGoneError extends InputError {
  readonly voice: number;

  constructor(voice: number) {
    super(`voice ${voice} is not loaded any more`);
    this.voice = voice;
  }
}
