import { describe, expect, it } from 'vitest';
import { AUDIO_FORMATS } from '../../../host/audio/audioFormats.ts';
import { isSoundFile, SOUND_FILE_ENDINGS } from '../../../ui/base/soundFiles.ts';

describe('files that the panel takes for sound', () => {
  it('have an ending that the host recognises, so that the host says what it does not read', () => {
    const known = Object.values(AUDIO_FORMATS).flatMap(({ extensions }) => extensions);
    expect([...SOUND_FILE_ENDINGS].sort()).toEqual([...known].sort());
  });

  it('or a type of sound or film', () => {
    expect(isSoundFile({ type: '', name: 'Field recording.W64' })).toBe(true);
    expect(isSoundFile({ type: 'video/mp4', name: 'clip' })).toBe(true);
    expect(isSoundFile({ type: 'application/json', name: 'ann.unmingle.json' })).toBe(false);
    expect(isSoundFile({ type: '', name: 'wav' })).toBe(false);
  });
});
