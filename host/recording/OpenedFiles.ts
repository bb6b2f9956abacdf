import { InputError } from '../../engine/core/errors.ts';
import { annotationLabels } from '../../engine/recording/annotation.ts';
import { COLUMNS_PER_SECOND, OVERVIEW_BANDS } from '../../engine/recording/OverviewColumns.ts';
import { learntVoice } from '../../engine/recording/recordingReducer.ts';
import type { RecordingOverviewFacts, RecordingSegments } from '../protocol/recordingState.ts';
import type { OverviewRequest, RecordingAccess, RecordingFile, SoundRequest, TrackRequest } from './RecordingAccess.ts';
import type { RecordingWork } from './RecordingWork.ts';
import { readOverviewPart, readSound } from './recordingParts.ts';
import { mixturePath, overviewPath } from './recordingPaths.ts';

/** The open recording as it can be read. */
type ReadableWork = Pick<RecordingWork, 'folder' | 'state'>;

/** Reads state and files of the open recording. */
export class OpenedFiles implements RecordingAccess {
  readonly open: RecordingAccess['open'];
  private readonly work: () => ReadableWork | null;

  /** @param work the open recording; null: there is none */
  constructor(work: () => ReadableWork | null, open: RecordingAccess['open']) {
    this.work = work;
    this.open = open;
  }

  segments(): RecordingSegments | null {
    const state = this.work()?.state;
    if (state === undefined) return null;
    const segments = state.history.present.segments.map(({ id, voice, startSeconds, endSeconds }) => ({
      id,
      voice,
      startSeconds,
      endSeconds,
    }));
    return { revision: state.segmentsRevision, segments };
  }

  overview(id: number): RecordingOverviewFacts | null {
    const imported = this.workOf(id)?.state.imported ?? null;
    if (imported === null) return null;
    return { columnsPerSecond: COLUMNS_PER_SECOND, bands: OVERVIEW_BANDS, levels: imported.overviewLevels };
  }

  async overviewPart(id: number, { level, from, columns }: OverviewRequest): Promise<Uint8Array | null> {
    const work = this.workOf(id);
    if (work === null || from >= (work.state.imported?.overviewLevels[level] ?? 0)) return null;
    return this.read(id, readOverviewPart(overviewPath(work.folder, level), from, columns));
  }

  async sound(id: number, request: SoundRequest): Promise<Uint8Array | null> {
    const work = this.workOf(id);
    const { from, samples } = request;
    if (work === null || from >= (work.state.imported?.samples ?? 0)) return null;
    const path = request.track === -1 ? mixturePath(work.folder) : trackPath(work, request);
    return path === null ? null : this.read(id, readSound(path, from, samples));
  }

  trackFile(id: number, request: TrackRequest): RecordingFile | null {
    const work = this.workOf(id);
    const path = work === null ? null : trackPath(work, request);
    if (work === null || path === null) return null;
    const name = work.state.separation?.annotation.voices[request.track]?.name ?? 'rest';
    return { path, name: `${name}.wav` };
  }

  labels(id: number): string | null {
    const work = this.workOf(id);
    return work === null ? null : annotationLabels(work.state.history.present);
  }

  presetText(id: number, voice: number): string | null {
    const work = this.workOf(id);
    if (work === null) return null;
    try {
      return learntVoice(work.state, voice).presetText;
    } catch (error) {
      // There is no such voice, or nothing has been learnt of it.
      if (error instanceof InputError) return null;
      throw error;
    }
  }

  private workOf(id: number): ReadableWork | null {
    const work = this.work();
    return work?.state.id === id ? work : null;
  }

  /** @returns null if the recording has been closed, or the tracks replaced, in the meantime */
  private async read(id: number, bytes: Promise<Uint8Array>): Promise<Uint8Array | null> {
    try {
      return await bytes;
    } catch (error) {
      if (error instanceof InputError || this.workOf(id) === null) return null;
      throw error;
    }
  }
}

function trackPath({ state: { separation } }: ReadableWork, { track, tracks }: TrackRequest): string | null {
  return separation?.revision === tracks ? (separation.trackPaths[track] ?? null) : null;
}
