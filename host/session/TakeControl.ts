import { basename } from 'node:path';
import type { AudioStatus } from '../rpc/audioMessages.ts';
import type { AudioLink } from './AudioLink.ts';
import type { SessionState } from './SessionState.ts';
import { takeFolder } from './takeFolder.ts';

/** Starts and stops takes: recordings of the mixture, every speaker, the rest and the mix, each in its own WAV file. */
export class TakeControl {
  private readonly link: Pick<AudioLink, 'request'>;
  private readonly state: SessionState;
  /** Each take gets a folder of its own in it. */
  private readonly recordingFolder: string;

  constructor(link: Pick<AudioLink, 'request'>, state: SessionState, recordingFolder: string) {
    this.link = link;
    this.state = state;
    this.recordingFolder = recordingFolder;
  }

  /** Does nothing while a take is being recorded. @throws InputError if no device is open or the folder cannot be written to */
  async start(): Promise<void> {
    if (this.state.current.recording !== null) return;
    const folder = takeFolder(this.recordingFolder);
    const voices = this.state.settings.speakers.map(({ id, preset }) => ({ id, name: preset }));
    await this.link.request('startTake', { folder, voices });
    this.state.update({ recording: { folder, seconds: 0, bytes: 0 } });
  }

  /** @throws InputError if the files cannot be completed; what was written is readable, and the take has ended */
  async stop(): Promise<void> {
    try {
      const take = await this.link.request('stopTake', null);
      if (take !== null && take.droppedSeconds > 0) {
        const seconds = take.droppedSeconds.toFixed(3);
        this.state.update({ problem: `${seconds} s are missing in the recording because the disk was too slow` });
      }
    } finally {
      this.end(null);
    }
  }

  /** Shows the progress of the take. */
  follow(take: AudioStatus['take']): void {
    const { recording } = this.state.current;
    if (recording !== null && take !== null) this.state.update({ recording: { ...recording, ...take } });
  }

  /** The audio process that recorded has ended; it completed the files. @returns a message for the user; null if there was no take */
  lose(): string | null {
    const { recording } = this.state.current;
    if (recording === null) return null;
    this.end('its sound was interrupted');
    return `the recording has ended because its sound was interrupted; what was recorded is readable: ${recording.folder}`;
  }

  /** Called when writing has failed. */
  fail(message: string): void {
    this.end(message);
    this.state.update({ problem: message });
  }

  /** @param reason why the take broke off; null: it was stopped */
  private end(reason: string | null): void {
    const { recording } = this.state.current;
    if (recording === null) return;
    const { folder, seconds } = recording;
    this.state.update({ recording: null, endedRecording: { name: basename(folder), folder, seconds, reason } });
  }
}
