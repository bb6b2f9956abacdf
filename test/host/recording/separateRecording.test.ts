import { expect, it } from 'vitest';
import { presetName } from '../../../engine/model/PresetName.ts';
import { separateRecording } from '../../../host/recording/separateRecording.ts';
import { FOUND, IMPORTED } from './FakeRecordingWorker.ts';

it('a voice without segments is refused before any work', async () => {
  const progress: number[] = [];
  const separation = separateRecording(
    {
      folder: '/none',
      name: 'talk.wav',
      outFolder: '/none/tracks',
      presets: { own: '/none', bundled: '/none' },
      imported: IMPORTED,
      seconds: 20,
      names: ['ann', 'bob', 'carl'].map(presetName),
      segments: FOUND.segments,
      overlap: null,
    },
    { signal: new AbortController().signal, onProgress: (fraction) => progress.push(fraction) },
  );
  await expect(separation).rejects.toThrow(/^"carl" has no segments: add one, or merge it with another voice$/);
  expect(progress).toEqual([]);
});
