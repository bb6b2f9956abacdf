import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpAnswers } from '../protocol/httpAnswers.ts';
import {
  MAXIMUM_OVERVIEW_COLUMNS,
  MAXIMUM_RECORDING_BYTES,
  MAXIMUM_RECORDING_VOICES,
  MAXIMUM_SOUND_SAMPLES,
} from '../protocol/recordingState.ts';
import type { RecordingAccess } from '../recording/RecordingAccess.ts';
import { Refusal } from './Refusal.ts';
import { limitedBody, uploadName } from './requestBody.ts';
import { savedAs, sendSoundFile } from './soundFile.ts';

/** Time for an upload: 4 GB at 10 Mbit/s. */
export const UPLOAD_MILLISECONDS = 3_600_000;
const LARGEST_NUMBER = 2 ** 31 - 1;

/** Requests about the open recording: upload, overview, segments, sound, and what can be saved. */
export class RecordingRequests {
  private readonly recordings: RecordingAccess;
  private readonly maximumBytes: number;
  private isUploading = false;

  /** @param maximumBytes size of an upload */
  constructor(recordings: RecordingAccess, maximumBytes = MAXIMUM_RECORDING_BYTES) {
    this.recordings = recordings;
    this.maximumBytes = maximumBytes;
  }

  /** Opens the body as a recording. @throws Refusal, or the InputError of `open` */
  async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.isUploading) throw new Refusal(429, 'another recording is being uploaded; wait until it is open');
    this.isUploading = true;
    try {
      const body = limitedBody(request, {
        maximumBytes: this.maximumBytes,
        what: 'a recording',
        milliseconds: UPLOAD_MILLISECONDS,
      });
      const answer: HttpAnswers['opened'] = { id: await this.recordings.open(uploadName(request), body) };
      sendText(response, JSON.stringify(answer), 'application/json');
    } finally {
      this.isUploading = false;
    }
  }

  /** Answers a GET request. @param pathname starts with `/recording/` @throws Refusal */
  async answer(pathname: string, query: URLSearchParams, response: ServerResponse): Promise<void> {
    const [, , first = '', what = '', ...rest] = pathname.split('/');
    if (first === 'segments' && what === '') return this.sendSegments(response);
    const id = whole('id', first, 0, LARGEST_NUMBER);
    const last = rest.length === 1 ? (rest[0] ?? '') : null;
    if (what === 'overview' && rest.length === 0) return this.sendOverview(id, query, response);
    if (what === 'sound' && rest.length === 0) return this.sendSound(id, query, response);
    if (what === 'labels.txt' && rest.length === 0) {
      return sendText(response, found(this.recordings.labels(id)), 'text/plain', 'labels.txt');
    }
    if (what === 'presets' && last !== null) {
      const voice = whole('voice', last, 0, MAXIMUM_RECORDING_VOICES - 1);
      return sendText(response, found(this.recordings.presetText(id, voice)), 'application/json');
    }
    if (what === 'tracks' && last?.endsWith('.wav')) return this.sendTrack(id, last.slice(0, -4), query, response);
    throw nothing();
  }

  private sendSegments(response: ServerResponse): void {
    const answer: HttpAnswers['segments'] = found(this.recordings.segments());
    sendText(response, JSON.stringify(answer), 'application/json');
  }

  private async sendOverview(id: number, query: URLSearchParams, response: ServerResponse): Promise<void> {
    if (query.size === 0) {
      const answer: HttpAnswers['overview'] = found(this.recordings.overview(id));
      return sendText(response, JSON.stringify(answer), 'application/json');
    }
    const part = await this.recordings.overviewPart(id, {
      level: queried(query, 'level', 0, LARGEST_NUMBER),
      from: queried(query, 'from', 0, LARGEST_NUMBER),
      columns: queried(query, 'columns', 1, MAXIMUM_OVERVIEW_COLUMNS),
    });
    sendBytes(response, found(part));
  }

  private async sendSound(id: number, query: URLSearchParams, response: ServerResponse): Promise<void> {
    const track = queried(query, 'track', -1, MAXIMUM_RECORDING_VOICES);
    const sound = await this.recordings.sound(id, {
      track,
      tracks: track === -1 ? 0 : queried(query, 'tracks', 0, LARGEST_NUMBER),
      from: queried(query, 'from', 0, LARGEST_NUMBER),
      samples: queried(query, 'samples', 1, MAXIMUM_SOUND_SAMPLES),
    });
    sendBytes(response, found(sound));
  }

  private async sendTrack(id: number, track: string, query: URLSearchParams, response: ServerResponse): Promise<void> {
    const { path, name } = found(
      this.recordings.trackFile(id, {
        track: whole('track', track, 0, MAXIMUM_RECORDING_VOICES),
        tracks: queried(query, 'tracks', 0, LARGEST_NUMBER),
      }),
    );
    // The recording may have been closed in the meantime.
    if (!(await sendSoundFile(path, name, response))) throw nothing();
  }
}

function nothing(): Refusal {
  return new Refusal(404, 'there is nothing at this address, or not any more');
}

function found<T>(value: T | null): T {
  if (value === null) throw nothing();
  return value;
}

/** @throws Refusal if the query does not have this number */
function queried(query: URLSearchParams, name: string, minimum: number, maximum: number): number {
  return whole(name, query.get(name) ?? '', minimum, maximum);
}

function whole(name: string, text: string, minimum: number, maximum: number): number {
  const value = /^(?:-?\d{1,10})$/.test(text) ? Number(text) : Number.NaN;
  if (value >= minimum && value <= maximum) return value;
  const shown = JSON.stringify(text.slice(0, 40));
  throw new Refusal(400, `${name} must be a whole number from ${minimum} to ${maximum}, got ${shown}`);
}

function sendText(response: ServerResponse, text: string, contentType: string, fileName: string | null = null): void {
  response
    .writeHead(200, {
      'Content-Type': `${contentType}; charset=utf-8`,
      ...(fileName === null ? {} : savedAs(fileName)),
    })
    .end(text);
}

function sendBytes(response: ServerResponse, bytes: Uint8Array): void {
  response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': bytes.length }).end(bytes);
}
