import { InputError } from '../../engine/core/errors.ts';
import type { EnrolmentState } from '../../host/protocol/LiveState.ts';
import { type EnrolmentController, INTERRUPTED } from '../../host/session/EnrolmentController.ts';

/** Speech that every simulated file contains. */
const FILE_SPEECH_SECONDS = 21;
/** Shorter files are refused as broken. */
const MINIMUM_BYTES = 100;

/** Stands in for recording, decoding and training: a test moves the enrolment on by `change`. */
export class SimulatedEnrolment
  implements Pick<EnrolmentController, 'start' | 'train' | 'end' | 'addFile' | 'removeFile' | 'interrupt'>
{
  /** Accepted files, in order. */
  readonly files: { readonly name: string; readonly bytes: number }[] = [];
  private readonly onState: (state: EnrolmentState | null) => void;
  private current: EnrolmentState | null = null;

  constructor(onState: (state: EnrolmentState | null) => void) {
    this.onState = onState;
  }

  get isRecording(): boolean {
    return this.current?.phase === 'recording';
  }

  async start(name: string, source: 'microphone' | 'files'): Promise<void> {
    this.publish({
      name,
      phase: source === 'microphone' ? 'recording' : 'ready',
      speechSeconds: 0,
      recordedSeconds: 0,
      hints: [],
      canClean: false,
      progress: 0,
      remainingSeconds: null,
      loss: null,
      message: null,
      files: [],
    });
  }

  async addFile(name: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const { current } = this;
    if (current?.phase !== 'ready') throw new InputError(`"${name}": no enrolment is waiting for files`);
    let bytes = 0;
    for await (const chunk of content) bytes += chunk.length;
    if (bytes < MINIMUM_BYTES) throw new InputError(`${name}: is not a supported audio file`);
    this.files.push({ name, bytes });
    this.setFiles([...current.files, { name, speechSeconds: FILE_SPEECH_SECONDS }]);
  }

  async removeFile(name: string): Promise<void> {
    const files = this.current?.files ?? [];
    if (!files.some((file) => file.name === name)) throw new InputError(`there is no file called "${name}"`);
    this.setFiles(files.filter((file) => file.name !== name));
  }

  async interrupt(): Promise<void> {
    if (this.isRecording) this.change({ phase: 'ready', message: INTERRUPTED });
  }

  private setFiles(files: EnrolmentState['files']): void {
    this.change({ files, speechSeconds: FILE_SPEECH_SECONDS * files.length, hints: [] });
  }

  async train(): Promise<void> {
    this.change({ phase: 'training', progress: 0, message: null });
  }

  async end(): Promise<void> {
    if (this.current !== null) this.publish(null);
  }

  /** Simulates progress of the recording or the training. */
  change(changes: Partial<EnrolmentState>): void {
    if (this.current !== null) this.publish({ ...this.current, ...changes });
  }

  private publish(state: EnrolmentState | null): void {
    this.current = state;
    this.onState(state);
  }
}
