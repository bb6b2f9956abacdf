import { type RecordingSpeech, voicesIn } from '../../engine/recording/foundVoices.ts';
import { nameVoices } from '../../engine/recording/namedVoices.ts';
import { PresetLibrary } from '../library/PresetLibrary.ts';
import { readSpeech } from '../offline/findVoices.ts';
import { knownVoices } from '../offline/knownVoices.ts';
import { serveThread } from '../rpc/serveThread.ts';
import { lowerThreadPriority } from '../workers/threadPriority.ts';
import { importRecording } from './importRecording.ts';
import { mixturePath } from './recordingPaths.ts';
import type { RecordingRequests } from './recordingThreadMessages.ts';
import { separateRecording } from './separateRecording.ts';

// Threads that this one starts inherit it.
lowerThreadPriority();

/** Part of a search that is reading, for the progress. */
const READING_PART = 0.95;

/** Of the open recording, so that another number of voices is found without reading it again. */
let latest: { readonly folder: string; readonly speech: RecordingSpeech } | null = null;

serveThread<RecordingRequests>({
  import: ({ folder, name }, { signal, onProgress }) =>
    importRecording(folder, name, { signal, onProgress: (fraction) => onProgress({ fraction, detail: null }) }),
  find: async ({ folder, name, voices: count, presets }, { signal, onProgress }) => {
    if (latest?.folder !== folder) {
      const recording = { path: mixturePath(folder), name, mixdown: null };
      const speech = await readSpeech(recording, {
        signal,
        onProgress: (fraction) => onProgress({ fraction: READING_PART * fraction, detail: null }),
      });
      latest = { folder, speech };
    }
    const { speech } = latest;
    onProgress({ fraction: READING_PART, detail: null });
    const { vectors, areDistinct, segments, certainties } = voicesIn(speech, { count, least: 1 });
    return {
      voices: nameVoices(vectors, await knownVoices(new PresetLibrary(presets))),
      areDistinct,
      segments: segments.map((segment, index) => ({ ...segment, certainty: certainties[index]! })),
      overlap: Float32Array.from(speech.blocks, ({ overlap }) => overlap),
    };
  },
  separate: (job, { signal, onProgress }) =>
    separateRecording(job, {
      signal,
      onProgress: (fraction, detail) => onProgress({ fraction, detail }),
    }),
});
