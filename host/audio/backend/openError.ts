import type { Hertz } from '../../../engine/core/units.ts';
import { AudioError } from './AudioError.ts';

/** Classifies the error texts of PortAudio and Web Audio for a device that cannot be opened. */
export function openError(error: unknown, name: string, rateHertz: Hertz | null): AudioError {
  const message = error instanceof Error ? error.message : String(error);
  if (/sample rate/i.test(message)) {
    return new AudioError(
      'rate-not-supported',
      `"${name}" cannot run at ${rateHertz ?? 'its own'} Hz`,
      'choose another --rate, or leave it out',
    );
  }
  if (/unavailable|busy|in use/i.test(message)) {
    return new AudioError('busy', `"${name}" is in use by another program`, 'close that program and try again');
  }
  if (/permission|denied|not allowed/i.test(message)) {
    return new AudioError(
      'denied',
      `this user has no permission to use "${name}"`,
      'allow it in the system settings (on Linux: group audio)',
    );
  }
  return new AudioError('gone', `"${name}" cannot be opened (${message})`, 'choose another device');
}
