import { InputError } from '../../../engine/core/errors.ts';

/** Voice processing for calls would alter the signal that presets are trained on. */
const UNPROCESSED = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

/** @throws InputError if the page may not use a microphone, or there is none */
export async function openMicrophone(): Promise<MediaStream> {
  const { mediaDevices } = navigator;
  if (mediaDevices === undefined) {
    throw new InputError('the microphone cannot be used: open this page from https:// or http://localhost');
  }
  try {
    return await mediaDevices.getUserMedia({ audio: UNPROCESSED });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`the microphone cannot be opened (${reason}); allow it for this page, or plug one in`);
  }
}

export function closeMicrophone(media: MediaStream | null): void {
  for (const track of media?.getTracks() ?? []) track.stop();
}
