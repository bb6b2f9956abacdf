import { SegmentFinder } from '../../engine/recording/SegmentFinder.ts';
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

/** Identifies recordings by their folders. */
const segmentFinder = new SegmentFinder<string>();

serveThread<RecordingRequests>({
  import: ({ folder, name }, { signal, onProgress }) =>
    importRecording(folder, name, { signal, onProgress: (fraction) => onProgress({ fraction, detail: null }) }),
  find: ({ folder, name, voices, presets }, { signal, onProgress }) => {
    const recording = { path: mixturePath(folder), name, mixdown: null };
    const searched = {
      key: folder,
      readSpeech: (onFraction: (fraction: number) => void) => readSpeech(recording, { signal, onProgress: onFraction }),
      readKnown: () => knownVoices(new PresetLibrary(presets)),
    };
    return segmentFinder.find(searched, voices, (fraction) => onProgress({ fraction, detail: null }));
  },
  separate: (job, { signal, onProgress }) =>
    separateRecording(job, {
      signal,
      onProgress: (fraction, detail) => onProgress({ fraction, detail }),
    }),
});
