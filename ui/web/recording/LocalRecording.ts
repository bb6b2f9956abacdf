import { audacityLabels } from '../../../engine/diarization/segmentTexts.ts';
import { namedPreset } from '../../../engine/model/namedPreset.ts';
import type { AnnotationEdit } from '../../../engine/recording/annotation.ts';
import { type KnownVoice, knownVoicesText } from '../../../engine/recording/namedVoices.ts';
import type { OpenRecording } from '../../../engine/recording/OpenRecording.ts';
import {
  type FoundSpeech,
  learntVoice,
  nextRecording,
  type OpenedRecording,
  openedRecording,
  type RecordingEvent,
  secondsOf,
  shownRecording,
} from '../../../engine/recording/recordingReducer.ts';
import { currentTexts } from '../../texts/useTexts.ts';
import type { DecodedSound } from '../sound/decodeFile.ts';
import type { WorkThread } from '../work/WorkThread.ts';
import type {
  Effort,
  FoundSegments,
  ImportedSound,
  PresetTexts,
  RecordedSound,
  SeparatedSound,
  WorkName,
  WorkProgress,
  WorkRequests,
} from '../work/workMessages.ts';

export interface LocalRecordingOptions {
  readonly id: number;
  readonly name: string;
  readonly thread: WorkThread;
  readonly onState: (recording: OpenRecording) => void;
}

/** Texts of a preset that was learnt, and of its evidence. */
export interface LearntTexts {
  readonly preset: string;
  readonly evidence: string | null;
}

/** Smallest change of the progress that is published. */
const PROGRESS_STEP = 0.005;

/** One recording that is open in this page: its state, its sound, and the work on it, one piece at a time. */
export class LocalRecording {
  readonly id: number;
  private readonly options: LocalRecordingOptions;
  private current: OpenedRecording<SeparatedSound>;
  private sound: ImportedSound | null = null;
  /** Of the present work. */
  private abortion = new AbortController();
  private latestItem = 0;
  private latestTracks = 0;
  private isClosed = false;

  constructor(options: LocalRecordingOptions) {
    this.id = options.id;
    this.options = options;
    this.current = openedRecording(options.id, options.name);
    options.onState(shownRecording(this.current));
  }

  get state(): OpenedRecording<SeparatedSound> {
    return this.current;
  }

  /** null: it is being imported, or that has failed. */
  get importedSound(): ImportedSound | null {
    return this.sound;
  }

  /** @param sound transferred */
  import({ channels, sampleRateHertz }: DecodedSound): void {
    const { name } = this.options;
    const transfer = channels.map(({ buffer }) => buffer);
    this.run('import', { name, channels, sampleRateHertz }, transfer, (sound) => {
      this.sound = sound;
      this.change({ type: 'imported', imported: sound.imported });
    });
  }

  /** @param voices number of voices to find; null: as many as there seem to be */
  find(voices: number | null, known: readonly KnownVoice[]): void {
    const recorded = this.idleSound();
    if (recorded === null) return;
    this.change({ type: 'started', phase: 'finding' });
    this.run('find', { ...recorded, voices, known }, [], (found) =>
      this.change({ type: 'found', speech: this.speechOf(found, voices === null) }),
    );
  }

  separate(effort: Effort, background: PresetTexts): void {
    const recorded = this.idleSound();
    if (recorded === null) return;
    const { history, found } = this.current;
    const annotation = history.present;
    const revision = ++this.latestTracks;
    const job = {
      ...recorded,
      seconds: secondsOf(recorded.imported),
      names: annotation.voices.map(({ name }) => name),
      segments: annotation.segments,
      overlap: found?.overlap ?? null,
      effort,
      background,
    };
    this.change({ type: 'started', phase: 'separating' });
    this.run('separate', job, [], (separated) =>
      this.change({ type: 'separated', separation: { revision, annotation, ...separated } }),
    );
  }

  /** @throws InputError if the edit does not fit the annotation */
  edit(edit: AnnotationEdit): void {
    this.change({ type: 'edited', edit, newId: () => ++this.latestItem });
  }

  undo(): void {
    this.change({ type: 'undone' });
  }

  redo(): void {
    this.change({ type: 'redone' });
  }

  /** Stops the search or separation. */
  cancel(): void {
    this.abortion.abort();
    this.change({ type: 'cancelled' });
  }

  close(): void {
    this.isClosed = true;
    this.abortion.abort();
  }

  /** Segments as a label file of Audacity. */
  labels(): string {
    const { segments, voices } = this.current.history.present;
    return audacityLabels(
      segments,
      voices.map(({ name }) => name),
    );
  }

  /** What was learnt of a voice, by its present name. @throws InputError if nothing was */
  learnt(voice: number): LearntTexts {
    const { presetText, evidenceText } = learntVoice(this.current, voice);
    // `learntVoice` has checked that there is this voice.
    const { name } = this.current.history.present.voices[voice]!;
    return { preset: namedPreset(presetText, name), evidence: evidenceText };
  }

  /** @returns what work reads; null while there is other work, or no sound */
  private idleSound(): RecordedSound | null {
    const { id, name } = this.options;
    if (this.sound === null || this.current.phase !== 'ready') return null;
    const { mixture, imported } = this.sound;
    return { id, name, mixture, imported };
  }

  private run<Name extends WorkName>(
    name: Name,
    argument: WorkRequests[Name]['argument'],
    transfer: readonly Transferable[],
    onDone: (answer: WorkRequests[Name]['answer']) => void,
  ): void {
    const abortion = new AbortController();
    this.abortion = abortion;
    const { signal } = abortion;
    const onProgress = (progress: WorkProgress) => {
      if (!signal.aborted) this.show(progress);
    };
    this.options.thread.call(name, argument, { signal, onProgress, transfer }).then(
      (answer) => {
        if (!signal.aborted) onDone(answer);
      },
      (error: unknown) => {
        if (!signal.aborted)
          this.change({ type: 'failed', problem: error instanceof Error ? error.message : String(error) });
      },
    );
  }

  private show({ fraction, stage, voice }: WorkProgress): void {
    const { progress, detail: shown } = this.current;
    const { stages, learning } = currentTexts().web;
    const detail = voice === null ? stages[stage] : learning(voice);
    if (detail === shown && Math.abs(fraction - progress) < PROGRESS_STEP) return;
    this.change({ type: 'progressed', fraction, detail });
  }

  private change(event: RecordingEvent<SeparatedSound>): void {
    if (this.isClosed) return;
    const next = nextRecording(this.current, event);
    if (next === this.current) return;
    this.current = next;
    this.options.onState(shownRecording(next));
  }

  private speechOf({ voices, areDistinct, segments, overlap }: FoundSegments, isGuessed: boolean): FoundSpeech {
    const newId = () => ++this.latestItem;
    const texts = currentTexts().web;
    const annotation = {
      voices: voices.names.map((name) => ({ id: newId(), name })),
      segments: segments.map((segment) => ({ id: newId(), ...segment })),
    };
    const remarks = [
      ...knownVoicesText(voices),
      ...(isGuessed ? [texts.guessedCount] : []),
      ...(areDistinct ? [] : [texts.soundAlike]),
    ];
    return { annotation, overlap, remarks };
  }
}
