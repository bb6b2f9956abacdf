import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CallError } from '../../../engine/core/CallError.ts';
import { InputError } from '../../../engine/core/errors.ts';
import { parsePreset } from '../../../engine/model/Preset.ts';
import { presetName } from '../../../engine/model/PresetName.ts';
import type { OpenRecording } from '../../../host/protocol/recordingState.ts';
import { RecordingController } from '../../../host/recording/RecordingController.ts';
import type { ImportJob, SeparationJob } from '../../../host/recording/recordingThreadMessages.ts';
import { FakeRecordingWorker, FOUND, IMPORTED, separatedInto } from './FakeRecordingWorker.ts';

let controller: RecordingController;
let states: (OpenRecording | null)[];
let notices: string[];
/** Of all recordings opened in the test. */
let workers: FakeRecordingWorker[];
let endThread: () => void;

beforeEach(() => {
  states = [null];
  notices = [];
  workers = [];
  controller = new RecordingController({
    presets: { own: '/own', bundled: '/bundled' },
    onState: (state) => states.push(state),
    onNotice: (text) => notices.push(text),
    startWorker: (onEnded) => {
      endThread = onEnded;
      const worker = new FakeRecordingWorker(null);
      workers.push(worker);
      return worker;
    },
  });
});
afterEach(() => controller.end());

const state = () => states.at(-1) ?? null;
const worker = () => workers.at(-1)!;
const pause = () => new Promise((resolve) => setTimeout(resolve, 0));

async function* bytes(count = 3): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(count);
}

/** Opens a recording, whose import waits. @returns its folder */
async function opened(fileName = 'talk.wav'): Promise<string> {
  await controller.access.open(fileName, bytes());
  return (worker().latestCall.argument as ImportJob).folder;
}

async function imported(): Promise<string> {
  const folder = await opened();
  worker().latestCall.answer(IMPORTED);
  await pause();
  return folder;
}

async function found(): Promise<string> {
  const folder = await imported();
  await controller.perform({ type: 'findVoices', voices: null });
  worker().latestCall.answer(FOUND);
  await pause();
  return folder;
}

async function separating(): Promise<SeparationJob> {
  await controller.perform({ type: 'separateRecording' });
  return worker().latestCall.argument as SeparationJob;
}

async function separated(): Promise<void> {
  const { names } = await separating();
  worker().latestCall.answer(separatedInto(names));
  await pause();
}

describe('an upload', () => {
  it('is stored in a private folder, and removed after the import', async () => {
    const folder = await opened();
    expect(state()).toMatchObject({ id: 1, name: 'talk.wav', phase: 'importing', seconds: 0 });
    expect(readdirSync(folder)).toEqual(['upload']);
    worker().latestCall.report({ fraction: 0.5, detail: null });
    expect(state()).toMatchObject({ phase: 'importing', progress: 0.5 });
    worker().latestCall.answer(IMPORTED);
    await expect.poll(() => readdirSync(folder)).toEqual([]);
    expect(state()).toMatchObject({ phase: 'ready', seconds: 20, sampleRateHertz: 16_000 });
  });

  it('replaces the recording that is open, whatever it does, when it is complete', async () => {
    const folder = await found();
    await separating();
    expect(await controller.access.open('other.wav', bytes())).toBe(2);
    expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([true, false]);
    expect(existsSync(folder)).toBe(false);
    expect(state()).toMatchObject({ id: 2, name: 'other.wav', phase: 'importing', voices: [], tracks: 'none' });
  });

  it('that breaks off leaves nothing, and the open recording as it was', async () => {
    const folder = await imported();
    const before = state();
    async function* broken() {
      yield new Uint8Array(3);
      throw new InputError('a recording must be at most 3 bytes');
    }
    await expect(controller.access.open('other.wav', broken())).rejects.toThrow('at most 3 bytes');
    expect(state()).toBe(before);
    const own = readdirSync(dirname(folder)).filter((name) => name.startsWith(`unmingle-recording-${process.pid}-`));
    expect(own).toHaveLength(1);
  });

  it('is refused during another one', async () => {
    const first = controller.access.open('one.wav', bytes());
    await expect(controller.access.open('other.wav', bytes())).rejects.toThrow(
      /^"other.wav": another recording is being uploaded/,
    );
    await first;
    expect(state()).toMatchObject({ name: 'one.wav' });
  });

  it('ends with the session, and so do later ones', async () => {
    async function* endless() {
      for (;;) {
        yield new Uint8Array(1000);
        await pause();
      }
    }
    const upload = controller.access.open('long.wav', endless()).catch((error: Error) => error.message);
    await pause();
    await controller.end();
    expect(await upload).toBe('the session has ended');
    await expect(controller.access.open('late.wav', bytes())).rejects.toThrow('the session has ended');
    expect(state()).toBeNull();
  });
});

describe('work that fails', () => {
  it.each([
    [
      "by the user's mistake",
      new InputError('talk.wav: is not a supported audio file'),
      'talk.wav: is not a supported',
    ],
    ['because the thread has ended', new CallError('ended', 'the work has ended', 'try again'), 'the work has ended'],
  ])('%s says why', async (_, error, problem) => {
    await opened();
    worker().latestCall.fail(error);
    await pause();
    expect(state()?.problem).toContain(problem);
    expect(state()).toMatchObject({ phase: 'ready', seconds: 0 });
  });

  it('never shows where the files are, or the text of a fault', async () => {
    const folder = await opened();
    worker().latestCall.fail(new InputError(`cannot write ${folder}/mixture.wav: the disk is full`));
    await pause();
    expect(state()?.problem).toBe('cannot write mixture.wav: the disk is full');
    await opened();
    worker().latestCall.fail(new Error('x is undefined'));
    await pause();
    expect(state()?.problem).toMatch(/^the program failed/);
    expect(notices).toEqual(['talk.wav: x is undefined']);
  });

  it('is repeated in a new thread if the thread has ended', async () => {
    await imported();
    await controller.perform({ type: 'findVoices', voices: 2 });
    endThread();
    worker().latestCall.fail(new CallError('ended', 'the work has ended', 'try again'));
    await pause();
    await controller.perform({ type: 'findVoices', voices: 2 });
    expect(workers).toHaveLength(2);
    worker().latestCall.answer(FOUND);
    await pause();
    expect(state()?.voices).toHaveLength(2);
  });
});

describe('cancelling', () => {
  it('an import closes the recording', async () => {
    const folder = await opened();
    await controller.perform({ type: 'cancelRecording' });
    expect(state()).toBeNull();
    expect(worker().isTerminated).toBe(true);
    expect(existsSync(folder)).toBe(false);
  });

  it('a search or separation keeps what existed before, and ignores its late result', async () => {
    await found();
    const before = state();
    await controller.perform({ type: 'findVoices', voices: 3 });
    const search = worker().latestCall;
    await controller.perform({ type: 'cancelRecording' });
    await separating();
    const separation = worker().latestCall;
    await controller.perform({ type: 'cancelRecording' });
    search.report({ fraction: 0.5, detail: null });
    search.answer(FOUND);
    separation.answer(separatedInto([]));
    await pause();
    expect(state()).toEqual(before);
  });
});

it('closing ends work, deletes the files, and makes addresses invalid', async () => {
  const folder = await found();
  await separating();
  await controller.perform({ type: 'closeRecording' });
  worker().latestCall.report({ fraction: 0.5, detail: null });
  await pause();
  expect(state()).toBeNull();
  expect(existsSync(folder)).toBe(false);
  expect(controller.access.segments()).toBeNull();
  expect(controller.access.overview(1)).toBeNull();
  expect(controller.access.labels(1)).toBeNull();
});

describe('found voices', () => {
  it('are numbered, and can be edited, undone and redone', async () => {
    await found();
    expect(state()).toMatchObject({
      voices: [
        { name: 'voice-1', speakingSeconds: 9 },
        { name: 'voice-2', speakingSeconds: 4 },
      ],
      canUndo: true,
      remarks: [expect.stringContaining('a guess')],
    });
    const [first] = controller.access.segments()!.segments;
    await controller.perform({ type: 'editRecording', edit: { type: 'remove', segment: first!.id } });
    expect(controller.access.segments()!.segments).toHaveLength(2);
    await controller.perform({ type: 'undoRecording' });
    expect(controller.access.segments()!.segments[0]).toEqual(first);
    await controller.perform({ type: 'undoRecording' });
    expect(state()).toMatchObject({ voices: [], canUndo: false, canRedo: true });
    await controller.perform({ type: 'redoRecording' });
    await controller.perform({ type: 'redoRecording' });
    expect(controller.access.segments()).toMatchObject({ revision: state()!.segmentsRevision });
    expect(controller.access.segments()!.segments).toHaveLength(2);
  });

  it('that sound alike are mentioned', async () => {
    await imported();
    await controller.perform({ type: 'findVoices', voices: 2 });
    worker().latestCall.answer({ ...FOUND, areDistinct: false });
    await pause();
    expect(state()?.remarks).toEqual(['two of these voices sound alike and may be one person']);
  });

  it('are exported as labels', async () => {
    await found();
    await controller.perform({ type: 'editRecording', edit: { type: 'rename', voice: 1, name: presetName('Zoë') } });
    expect(controller.access.labels(1)!.split('\n')[1]).toBe('5.000\t9.000\tZoë');
    expect(controller.access.labels(2)).toBeNull();
  });
});

describe('a separation', () => {
  it('learns from the segments as the user has corrected them', async () => {
    await found();
    const [first] = controller.access.segments()!.segments;
    const edit = { type: 'assign', segment: first!.id, voice: 1 } as const;
    await controller.perform({ type: 'editRecording', edit });
    const job = await separating();
    expect(job.names).toEqual(['voice-1', 'voice-2']);
    expect(job.segments.map(({ voice, certainty }) => [voice, certainty])).toEqual([
      [1, null],
      [1, 0.9],
      [0, 0.9],
    ]);
    expect(job.overlap).toBe(FOUND.overlap);
    worker().latestCall.report({ fraction: 0.2, detail: 'learning voice-1' });
    expect(state()).toMatchObject({ phase: 'separating', progress: 0.2, detail: 'learning voice-1' });
  });

  it('makes tracks and presets, under the present names', async () => {
    await found();
    await separated();
    await controller.perform({ type: 'editRecording', edit: { type: 'rename', voice: 0, name: presetName('ann') } });
    expect(state()).toMatchObject({ tracks: 'current', tracksRevision: 1 });
    expect(controller.access.trackFile(1, { track: 2, tracks: 1 })).toEqual({
      path: '/none/rest.wav',
      name: 'rest.wav',
    });
    for (const request of [
      { track: 3, tracks: 1 },
      { track: -1, tracks: 1 },
      { track: 0, tracks: 2 },
    ])
      expect(controller.access.trackFile(1, request)).toBeNull();
    expect(parsePreset(controller.access.presetText(1, 0)!).name).toBe('ann');
    expect(controller.access.presetText(1, 2)).toBeNull();
    const kept = controller.keptVoice(1, presetName('bob'));
    expect(parsePreset(kept.text).name).toBe('bob');
    expect(() => controller.keptVoice(2, null)).toThrow(/^voice must be less than 2/);
  });

  it('has addresses of its own each time', async () => {
    await found();
    await separated();
    await separated();
    expect(state()?.tracksRevision).toBe(2);
    expect(controller.access.trackFile(1, { track: 0, tracks: 1 })).toBeNull();
    expect(controller.access.trackFile(1, { track: 0, tracks: 2 })).not.toBeNull();
  });
});
