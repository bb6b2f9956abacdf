import type { Page, Route } from 'playwright-core';
import type { ControlMessage } from '../../host/protocol/controlMessages.ts';
import type { RecordingEdit, RecordingMessage } from '../../host/protocol/recordingMessages.ts';
import type { OpenRecording, RecordingSegment } from '../../host/protocol/recordingState.ts';
import type { SimulatedSession } from './SimulatedSession.ts';

const RATE_HERTZ = 16_000;
const COLUMNS_PER_SECOND = 50;
const BANDS = 48;

/** Sample of all tracks, 16 bits. */
export function soundSample(index: number): number {
  return (index % 220) * 40 - 4400;
}

/** Stands in for the work on recordings: answers the page's HTTP requests, and applies its edits at once. */
export class FakeRecording {
  /** All messages about the recording, in order. */
  readonly messages: RecordingMessage[] = [];
  readonly uploads: { readonly name: string; readonly bytes: number }[] = [];
  /** Tracks of which sound was requested. */
  readonly soundOf = new Set<number>();
  segments: readonly RecordingSegment[] = [];
  private readonly session: SimulatedSession;
  private readonly seconds: number;
  private undone: readonly (readonly RecordingSegment[])[] = [];

  private constructor(session: SimulatedSession, seconds: number) {
    this.session = session;
    this.seconds = seconds;
  }

  static async attach(session: SimulatedSession, page: Page, seconds = 60): Promise<FakeRecording> {
    const fake = new FakeRecording(session, seconds);
    await page.route(/\/recording(\/|$)/, (route) => fake.answer(route));
    const pass = session.control.bind(session);
    session.control = async (message: ControlMessage) => {
      if (/Recording$|Voice/.test(message.type) && !/^(start|stop)/.test(message.type)) {
        fake.messages.push(message as RecordingMessage);
        fake.control(message as RecordingMessage);
      } else await pass(message);
    };
    return fake;
  }

  get state(): OpenRecording {
    const { openRecording } = this.session.state;
    if (openRecording === null) throw new Error('no recording is open');
    return openRecording;
  }

  get edits(): readonly RecordingEdit[] {
    return this.messages.flatMap((each) => (each.type === 'editRecording' ? [each.edit] : []));
  }

  change(changes: Partial<OpenRecording>): void {
    this.session.change({ openRecording: { ...this.state, ...changes } });
  }

  /** Simulates that voices have been found, which take turns. */
  find(names: readonly string[], turnSeconds = 4): void {
    const turns = Math.floor(this.seconds / turnSeconds);
    this.segments = Array.from({ length: turns }, (_, index) => ({
      id: index + 1,
      voice: index % names.length,
      startSeconds: index * turnSeconds + 0.2,
      endSeconds: index * turnSeconds + 2.6,
    }));
    const voices = names.map((name) => ({ name, speakingSeconds: this.seconds / names.length }));
    this.change({ phase: 'ready', voices, segmentsRevision: this.state.segmentsRevision + 1, canUndo: true });
  }

  private open(name: string): void {
    this.session.change({
      openRecording: {
        id: 7,
        name,
        seconds: this.seconds,
        sampleRateHertz: RATE_HERTZ,
        phase: 'ready',
        progress: 0,
        detail: null,
        problem: null,
        remarks: [],
        voices: [],
        segmentsRevision: 0,
        canUndo: false,
        canRedo: false,
        tracks: 'none',
        tracksRevision: 0,
      },
    });
  }

  private control(message: RecordingMessage): void {
    if (message.type === 'closeRecording') this.session.change({ openRecording: null });
    else if (message.type === 'findVoices') this.change({ phase: 'finding', progress: 0.4, detail: null });
    else if (message.type === 'separateRecording')
      this.change({ phase: 'separating', progress: 0.2, detail: 'learning Ann' });
    else if (message.type === 'cancelRecording') this.change({ phase: 'ready', progress: 0, detail: null });
    else if (message.type === 'undoRecording') this.replace(this.undone.at(-1) ?? [], this.undone.slice(0, -1));
    else if (message.type === 'editRecording') this.edit(message.edit);
  }

  private edit(edit: RecordingEdit): void {
    const { voices } = this.state;
    if (edit.type === 'rename') {
      this.change({
        voices: voices.map((each, index) => (index === edit.voice ? { ...each, name: edit.name } : each)),
      });
    } else if (edit.type === 'addVoice') {
      this.change({ voices: [...voices, { name: edit.name, speakingSeconds: 0 }] });
    } else if (edit.type !== 'merge') this.replace(edited(this.segments, edit), [...this.undone, this.segments]);
  }

  private replace(segments: readonly RecordingSegment[], undone: FakeRecording['undone']): void {
    this.segments = segments.toSorted((one, other) => one.startSeconds - other.startSeconds);
    this.undone = undone;
    this.change({ segmentsRevision: this.state.segmentsRevision + 1, canUndo: undone.length > 0 });
  }

  private async answer(route: Route): Promise<void> {
    const request = route.request();
    const { pathname, searchParams } = new URL(request.url());
    const number = (name: string) => Number(searchParams.get(name));
    if (request.method() === 'POST') {
      const name = decodeURIComponent(request.headers()['x-file-name'] ?? '');
      this.uploads.push({ name, bytes: request.postDataBuffer()?.length ?? 0 });
      this.open(name);
      return route.fulfill({ json: { id: 7 } });
    }
    if (pathname === '/recording/segments') {
      return route.fulfill({ json: { revision: this.state.segmentsRevision, segments: this.segments } });
    }
    if (pathname === '/recording/7/sound') {
      this.soundOf.add(number('track'));
      const from = number('from');
      const samples = Int16Array.from({ length: number('samples') }, (_, n) => soundSample(from + n));
      return route.fulfill({ body: Buffer.from(samples.buffer) });
    }
    if (pathname === '/recording/7/overview') {
      if (searchParams.has('level')) {
        return route.fulfill({ body: overviewPart(number('level'), number('from'), number('columns')) });
      }
      const columns = this.seconds * COLUMNS_PER_SECOND;
      const levels = Array.from({ length: 9 }, (_, level) => Math.ceil(columns / 2 ** level));
      return route.fulfill({ json: { columnsPerSecond: COLUMNS_PER_SECOND, bands: BANDS, levels } });
    }
    return route.fulfill({ body: 'content of a file' });
  }
}

function edited(segments: readonly RecordingSegment[], edit: RecordingEdit): readonly RecordingSegment[] {
  if (edit.type === 'remove') return segments.filter(({ id }) => id !== edit.segment);
  if (edit.type === 'add') {
    const { voice, startSeconds, endSeconds } = edit;
    return [...segments, { id: segments.length + 1000, voice, startSeconds, endSeconds }];
  }
  if (edit.type === 'assign') {
    return segments.map((each) => (each.id === edit.segment ? { ...each, voice: edit.voice } : each));
  }
  if (edit.type !== 'move') return segments;
  const { startSeconds, endSeconds } = edit;
  return segments.map((each) => (each.id === edit.segment ? { ...each, startSeconds, endSeconds } : each));
}

/** Syllables of a voice whose pitch moves. */
function overviewPart(level: number, from: number, columns: number): Buffer {
  const bytes = Buffer.alloc(columns * (2 + BANDS));
  for (let column = 0; column < columns; column++) {
    const seconds = ((from + column) * 2 ** level) / COLUMNS_PER_SECOND;
    const loudness = Math.max(0.02, Math.sin(seconds * 9) * Math.sin(seconds * 1.7)) * 0.8;
    bytes.writeInt8(Math.round(-110 * loudness), 2 * column);
    bytes.writeInt8(Math.round(110 * loudness), 2 * column + 1);
    for (let band = 0; band < BANDS; band++) {
      const harmonic = Math.cos((band + 3 * Math.sin(seconds * 2)) * 1.4) ** 2;
      bytes[2 * columns + column * BANDS + band] = Math.round(
        230 * loudness ** 0.3 * (0.4 + 0.6 * harmonic) * (1 - band / 90),
      );
    }
  }
  return bytes;
}
