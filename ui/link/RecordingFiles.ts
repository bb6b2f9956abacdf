import { InputError } from '../../engine/core/errors.ts';
import { checkHttpAnswer } from '../../host/protocol/httpAnswers.ts';
import {
  MAXIMUM_RECORDING_BYTES,
  type RecordingOverviewFacts,
  type RecordingSegments,
} from '../../host/protocol/recordingState.ts';
import type { HostFiles } from './HostFiles.ts';

/** Columns of the overview of a recording. */
export interface OverviewPart {
  readonly columns: number;
  /** [columns x 2] minimum and maximum, 127 at full scale */
  readonly peaks: Int8Array<ArrayBuffer>;
  /** [columns x bands] levels, the lowest frequency first: 0 at -90 dB or less, 255 at 0 dB */
  readonly bands: Uint8Array<ArrayBuffer>;
}

/** A stretch of one signal of a recording. */
export interface SoundRequest {
  /** -1: the mixture; from 0: the voices; their number: the rest. */
  readonly track: number;
  /** `OpenRecording.tracksRevision` */
  readonly tracksRevision: number;
  readonly fromSample: number;
  readonly samples: number;
}

/** Transfers of the open recording, by HTTP. Each call rejects with a HostRefusal. */
export class RecordingFiles {
  /** Size of the largest file that can be opened. */
  readonly maximumBytes: number = MAXIMUM_RECORDING_BYTES;
  private readonly files: HostFiles;

  constructor(files: HostFiles) {
    this.files = files;
  }

  /** Uploads a file and opens it; a recording that was open is closed. @returns the id of the recording */
  async open(file: File, onProgress: (share: number) => void, signal: AbortSignal): Promise<number> {
    return checkHttpAnswer('opened', await this.files.upload('/recording', file, onProgress, signal)).id;
  }

  async segments(): Promise<RecordingSegments> {
    const response = await this.files.request('/recording/segments');
    return checkHttpAnswer('segments', await response.json());
  }

  async overview(recording: number): Promise<RecordingOverviewFacts> {
    const response = await this.files.request(`/recording/${recording}/overview`);
    return checkHttpAnswer('overview', await response.json());
  }

  /** @throws InputError if the answer has another size than these columns */
  async overviewPart(
    recording: number,
    { bands }: RecordingOverviewFacts,
    level: number,
    fromColumn: number,
    columns: number,
  ): Promise<OverviewPart> {
    const query = `level=${level}&from=${fromColumn}&columns=${columns}`;
    const bytes = await this.bytes(`/recording/${recording}/overview?${query}`, columns * (2 + bands));
    return { columns, peaks: new Int8Array(bytes, 0, 2 * columns), bands: new Uint8Array(bytes, 2 * columns) };
  }

  /** @returns [samples] @throws InputError if the answer has another size */
  async sound(recording: number, request: SoundRequest, signal: AbortSignal): Promise<Int16Array<ArrayBuffer>> {
    const { track, tracksRevision, fromSample, samples } = request;
    const query = `track=${track}&tracks=${tracksRevision}&from=${fromSample}&samples=${samples}`;
    return new Int16Array(await this.bytes(`/recording/${recording}/sound?${query}`, 2 * samples, signal));
  }

  /** A separated track as a WAV file. The browser keeps large ones on disk. */
  async track(recording: number, track: number, tracksRevision: number): Promise<Blob> {
    return (await this.files.request(`/recording/${recording}/tracks/${track}.wav?tracks=${tracksRevision}`)).blob();
  }

  /** The segments as a label file of Audacity. */
  async labels(recording: number): Promise<Blob> {
    return (await this.files.request(`/recording/${recording}/labels.txt`)).blob();
  }

  /** The preset that has been learnt of a voice. */
  async preset(recording: number, voice: number): Promise<Blob> {
    return (await this.files.request(`/recording/${recording}/presets/${voice}`)).blob();
  }

  private async bytes(path: string, length: number, signal: AbortSignal | null = null): Promise<ArrayBuffer> {
    const bytes = await (await this.files.request(path, signal)).arrayBuffer();
    if (bytes.byteLength !== length) {
      throw new InputError(`answer of the host to ${path}: expected ${length} bytes, got ${bytes.byteLength}`);
    }
    return bytes;
  }
}
