import type { KnownVoice } from '../../../engine/recording/namedVoices.ts';
import type { OpenRecording } from '../../../engine/recording/OpenRecording.ts';
import {
  RecordingEditor,
  type StartedWork,
  type WorkProgressListener,
} from '../../../engine/recording/RecordingEditor.ts';
import { currentTexts } from '../../texts/useTexts.ts';
import type { DecodedSound } from '../sound/decodeFile.ts';
import type { WorkThread } from '../work/WorkThread.ts';
import type {
  Effort,
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

/** One recording that is open in this page: its editor, its sound, and the work on it in the page's thread. */
export class LocalRecording {
  readonly id: number;
  readonly editor: RecordingEditor<SeparatedSound>;
  private readonly options: LocalRecordingOptions;
  private sound: ImportedSound | null = null;

  constructor(options: LocalRecordingOptions) {
    const { id, name, onState } = options;
    this.id = id;
    this.options = options;
    this.editor = new RecordingEditor({
      id,
      name,
      onState,
      remarks: () => currentTexts().web,
      problemOf: (error) => (error instanceof Error ? error.message : String(error)),
    });
  }

  /** null: it is being imported, or that has failed. */
  get importedSound(): ImportedSound | null {
    return this.sound;
  }

  /** @param sound transferred */
  import({ channels, sampleRateHertz }: DecodedSound): void {
    const { name } = this.options;
    const transfer = channels.map(({ buffer }) => buffer);
    void this.editor.import((onProgress) => {
      const { answer, stop } = this.call('import', { name, channels, sampleRateHertz }, onProgress, transfer);
      const imported = answer.then((sound) => {
        this.sound = sound;
        return sound.imported;
      });
      return { answer: imported, stop };
    });
  }

  /** @param voices number of voices to find; null: as many as there seem to be */
  find(voices: number | null, known: readonly KnownVoice[]): void {
    const { recorded } = this;
    if (recorded === null) return;
    void this.editor.find(voices === null, (onProgress) =>
      this.call('find', { ...recorded, voices, known }, onProgress),
    );
  }

  separate(effort: Effort, background: PresetTexts): void {
    const { recorded } = this;
    if (recorded === null) return;
    void this.editor.separate(({ speech }, onProgress) =>
      this.call('separate', { ...recorded, ...speech, effort, background }, onProgress),
    );
  }

  /** What work reads; null if there is no sound. */
  private get recorded(): RecordedSound | null {
    if (this.sound === null) return null;
    const { id, name } = this.options;
    const { mixture, imported } = this.sound;
    return { id, name, mixture, imported };
  }

  private call<Name extends WorkName>(
    name: Name,
    argument: WorkRequests[Name]['argument'],
    onProgress: WorkProgressListener,
    transfer: readonly Transferable[] = [],
  ): StartedWork<WorkRequests[Name]['answer']> {
    const abortion = new AbortController();
    const answer = this.options.thread.call(name, argument, {
      signal: abortion.signal,
      onProgress: (progress) => onProgress(progress.fraction, detailOf(progress)),
      transfer,
    });
    return { answer, stop: () => abortion.abort() };
  }
}

function detailOf({ stage, voice }: WorkProgress): string {
  const { stages, learning } = currentTexts().web;
  return voice === null ? stages[stage] : learning(voice);
}
