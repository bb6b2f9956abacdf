import { BehaviorSubject, Subject } from 'rxjs';
import { InputError } from '../../../engine/core/errors.ts';
import { BACKGROUND_PRESET } from '../../../engine/model/adaptationRecipe.ts';
import { presetName } from '../../../engine/model/PresetName.ts';
import { type AnnotationEdit, annotationLabels } from '../../../engine/recording/annotation.ts';
import { knownVoice } from '../../../engine/recording/namedVoices.ts';
import type { OpenRecording } from '../../../engine/recording/OpenRecording.ts';
import { COLUMN_BYTES, COLUMNS_PER_SECOND, OVERVIEW_BANDS } from '../../../engine/recording/OverviewColumns.ts';
import { splitColumns } from '../../../engine/recording/overviewLevels.ts';
import { learntVoice } from '../../../engine/recording/recordingReducer.ts';
import type { RecordingOverviewFacts, RecordingSegments } from '../../../host/protocol/recordingState.ts';
import type { OverviewPart, SoundRequest } from '../../link/RecordingFiles.ts';
import type { DeskMessage, RecordingSource } from '../../recording/RecordingDesk.ts';
import { decodeFile } from '../sound/decodeFile.ts';
import { PcmSound } from '../sound/PcmSound.ts';
import { wavFile } from '../sound/wavFile.ts';
import type { BundledFiles } from '../storage/BundledFiles.ts';
import type { KeptVoices } from '../storage/KeptVoices.ts';
import { WorkThread } from '../work/WorkThread.ts';
import type { Effort } from '../work/workMessages.ts';
import { LocalRecording } from './LocalRecording.ts';

/** An hour of stereo at 48 kHz and 16 bits, which takes 1.4 GB while it is decoded. */
const MAXIMUM_BYTES = 700_000_000;

/** Opens recordings in this page, one at a time, and carries out the requests about the open one. */
export class LocalDesk implements RecordingSource {
  readonly maximumBytes = MAXIMUM_BYTES;
  /** null: none is open */
  readonly recording$ = new BehaviorSubject<OpenRecording | null>(null);
  readonly effort$ = new BehaviorSubject<Effort>('full');
  readonly refusals$ = new Subject<string>();
  private readonly thread = new WorkThread();
  private readonly kept: KeptVoices;
  private readonly bundled: BundledFiles;
  private opened: LocalRecording | null = null;
  private latestId = 0;

  constructor(kept: KeptVoices, bundled: BundledFiles) {
    this.kept = kept;
    this.bundled = bundled;
  }

  /** Carries out a request. What does not fit is refused, with the reason in `refusals$`. */
  readonly send = (message: DeskMessage): void => {
    this.perform(message).catch((error: unknown) =>
      this.refusals$.next(error instanceof Error ? error.message : String(error)),
    );
  };

  /** Decodes a file and opens it; a recording that was open is closed. @throws InputError if it cannot be decoded */
  async open(file: File, _onProgress: (share: number) => void, signal: AbortSignal): Promise<number> {
    const decoded = await decodeFile(file, file.name);
    signal.throwIfAborted();
    this.close();
    const recording = new LocalRecording({
      id: ++this.latestId,
      name: file.name,
      thread: this.thread,
      onState: (state) => this.recording$.next(state),
    });
    this.opened = recording;
    recording.import(decoded);
    return recording.id;
  }

  async segments(): Promise<RecordingSegments> {
    const { segmentsRevision, history } = this.present().editor.state;
    return { revision: segmentsRevision, segments: history.present.segments };
  }

  async overview(recording: number): Promise<RecordingOverviewFacts> {
    const { imported } = this.imported(recording);
    return { columnsPerSecond: COLUMNS_PER_SECOND, bands: OVERVIEW_BANDS, levels: imported.overviewLevels };
  }

  async overviewPart(
    recording: number,
    _facts: RecordingOverviewFacts,
    level: number,
    fromColumn: number,
    columns: number,
  ): Promise<OverviewPart> {
    const bytes = this.imported(recording).overview[level] ?? new Uint8Array(0);
    const { buffer } = splitColumns(bytes.subarray(COLUMN_BYTES * fromColumn, COLUMN_BYTES * (fromColumn + columns)));
    return { columns, peaks: new Int8Array(buffer, 0, 2 * columns), bands: new Uint8Array(buffer, 2 * columns) };
  }

  sound(recording: number, request: SoundRequest, _signal: AbortSignal): Promise<Int16Array<ArrayBuffer>> {
    const { mixture, imported } = this.imported(recording);
    const { track, tracksRevision, fromSample, samples } = request;
    const blob = track < 0 ? mixture : this.trackBlob(track, tracksRevision);
    return new PcmSound(blob, imported.sampleRateHertz).read(fromSample, samples);
  }

  async track(recording: number, track: number, tracksRevision: number): Promise<Blob> {
    return wavFile(this.trackBlob(track, tracksRevision), this.imported(recording).imported.sampleRateHertz);
  }

  async labels(): Promise<Blob> {
    return new Blob([annotationLabels(this.present().editor.state.history.present)], { type: 'text/plain' });
  }

  async preset(_recording: number, voice: number): Promise<Blob> {
    return new Blob([learntVoice(this.present().editor.state, voice).presetText], { type: 'application/json' });
  }

  private async perform(message: DeskMessage): Promise<void> {
    const recording = this.present();
    switch (message.type) {
      case 'findVoices': {
        const known = this.kept.voices$.value.flatMap(({ parsed }) => knownVoice(parsed) ?? []);
        return recording.find(message.voices, known);
      }
      case 'editRecording':
        return recording.editor.edit(checkedEdit(message.edit));
      case 'undoRecording':
        return recording.editor.undo();
      case 'redoRecording':
        return recording.editor.redo();
      case 'separateRecording': {
        const [preset, evidence] = await Promise.all([
          this.bundled.preset(BACKGROUND_PRESET),
          this.bundled.evidence(BACKGROUND_PRESET),
        ]);
        return recording.separate(this.effort$.value, { preset, evidence });
      }
      case 'cancelRecording':
        return recording.editor.state.phase === 'importing' ? this.close() : recording.editor.cancel();
      case 'closeRecording':
        return this.close();
      case 'keepVoice': {
        const { presetText, evidenceText } = learntVoice(recording.editor.state, message.voice);
        await this.kept.add(presetText, evidenceText);
        return;
      }
      default:
        throw new TypeError(`"${message satisfies never}" is not a message about a recording`);
    }
  }

  private close(): void {
    this.opened?.editor.close();
    this.opened = null;
    this.recording$.next(null);
  }

  private present(): LocalRecording {
    if (this.opened === null) throw new InputError('no recording is open: open one first');
    return this.opened;
  }

  private imported(recording: number) {
    const { opened } = this;
    const sound = opened?.id === recording ? opened.importedSound : null;
    if (sound == null) throw new InputError(`recording ${recording} is not open any more`);
    return sound;
  }

  private trackBlob(track: number, revision: number): Blob {
    const { separation } = this.present().editor.state;
    const blob = separation?.revision === revision ? separation.tracks[track] : undefined;
    if (blob === undefined) throw new InputError('these tracks have been replaced: separate again');
    return blob;
  }
}

/** @throws InputError for a name that no preset may have */
function checkedEdit(edit: Extract<DeskMessage, { type: 'editRecording' }>['edit']): AnnotationEdit {
  return edit.type === 'rename' || edit.type === 'addVoice' ? { ...edit, name: presetName(edit.name) } : edit;
}
