import { AudioError } from '../audio/backend/AudioError.ts';
import type { LiveSettings } from '../protocol/LiveState.ts';

/** Reason why a session cannot work with sound at the moment: its devices, or the processing of a file, are being started again. */
export function noSoundError({ backend }: Pick<LiveSettings, 'backend'>): AudioError {
  return backend === 'file'
    ? new AudioError(
        'gone',
        'the file is not playing now, because the audio process is being started',
        'try again in a few seconds',
      )
    : new AudioError('gone', 'no device is open now', 'wait until it is back, or choose another');
}
