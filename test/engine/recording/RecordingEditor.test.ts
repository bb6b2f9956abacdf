import { describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { presetName } from '../../../engine/model/PresetName.ts';
import type { OpenRecording } from '../../../engine/recording/OpenRecording.ts';
import {
  RecordingEditor,
  type SeparationTask,
  type StartedWork,
  type WorkProgressListener,
} from '../../../engine/recording/RecordingEditor.ts';
import type { SeparatedVoices } from '../../../engine/recording/recordingReducer.ts';
import type { FoundSegments } from '../../../engine/recording/SegmentFinder.ts';
import { FOUND, IMPORTED, separatedInto } from '../../host/recording/FakeRecordingWorker.ts';

/** A piece of work that the test reports on, answers or fails. */
class PendingWork<Answer> {
  stops = 0;
  report!: WorkProgressListener;
  answer!: (answer: Answer) => void;
  fail!: (error: Error) => void;
  private readonly end = new Promise<Answer>((resolve, reject) => {
    this.answer = resolve;
    this.fail = reject;
  });

  readonly start = (onProgress: WorkProgressListener): StartedWork<Answer> => {
    this.report = onProgress;
    return { answer: this.end, stop: () => void this.stops++ };
  };
}

/** @returns an editor whose recording has been imported, and the list to which it appends each state that it publishes */
async function imported() {
  const states: OpenRecording[] = [];
  const editor = new RecordingEditor<SeparatedVoices>({
    id: 1,
    name: 'talk.wav',
    onState: (state) => states.push(state),
    remarks: () => ({ guessedCount: 'a guess', soundAlike: 'alike' }),
    problemOf: (error) => `problem: ${error instanceof Error ? error.message : String(error)}`,
  });
  const work = new PendingWork<typeof IMPORTED>();
  const isDone = editor.import(work.start);
  work.answer(IMPORTED);
  expect(await isDone).toBe(true);
  return { editor, states };
}

/** @returns an editor with two voices */
async function found(answer: Partial<FoundSegments> = {}, isCountGuessed = false) {
  const { editor, states } = await imported();
  const work = new PendingWork<FoundSegments>();
  const isDone = editor.find(isCountGuessed, work.start);
  work.answer({ ...FOUND, ...answer });
  expect(await isDone).toBe(true);
  return { editor, states };
}

const twoNames = FOUND.voices.names;

it('publishes each state, from the beginning of the import on', async () => {
  const { editor, states } = await found();
  expect(states.map(({ phase }) => phase)).toEqual(['importing', 'ready', 'finding', 'ready']);
  editor.undo();
  editor.redo();
  editor.redo();
  expect(states.slice(4).map(({ voices }) => voices.length)).toEqual([0, 2]);
});

describe('progress', () => {
  it('is published in steps of half a percent, or with another detail', async () => {
    const { editor, states } = await imported();
    const work = new PendingWork<FoundSegments>();
    void editor.find(false, work.start);
    const published = states.length;
    work.report(0.5, null);
    work.report(0.504, null);
    work.report(0.504, 'listening');
    work.report(0.506, 'listening');
    work.report(0.51, 'listening');
    expect(states.slice(published).map(({ progress, detail }) => [progress, detail])).toEqual([
      [0.5, null],
      [0.504, 'listening'],
      [0.51, 'listening'],
    ]);
  });

  it('of cancelled work is ignored, and so is its late answer', async () => {
    const { editor, states } = await imported();
    const before = states.at(-1);
    const first = new PendingWork<FoundSegments>();
    const isFirstDone = editor.find(false, first.start);
    editor.cancel();
    expect(first.stops).toBe(1);
    expect(states.at(-1)).toEqual(before);
    const second = new PendingWork<FoundSegments>();
    const isSecondDone = editor.find(false, second.start);
    first.report(0.9, 'late');
    first.answer(FOUND);
    expect(await isFirstDone).toBe(false);
    expect(states.at(-1)).toMatchObject({ phase: 'finding', progress: 0, voices: [] });
    second.answer(FOUND);
    expect(await isSecondDone).toBe(true);
    expect(states.at(-1)?.voices).toHaveLength(2);
  });
});

describe('work', () => {
  it('is not started beside other work', async () => {
    const { editor } = await found();
    void editor.find(false, new PendingWork<FoundSegments>().start);
    const refuse = () => {
      throw new Error('must not be started');
    };
    expect(await editor.find(false, refuse)).toBe(false);
    expect(await editor.separate(refuse)).toBe(false);
    expect(editor.state).toMatchObject({ phase: 'finding', problem: null });
  });

  it('that fails, at its start or later, says why', async () => {
    const { editor, states } = await imported();
    const failed = { phase: 'ready', problem: 'problem: no speech' };
    const error = new InputError('no speech');
    const isStarted = editor.find(false, () => {
      throw error;
    });
    expect(await isStarted).toBe(false);
    expect(states.at(-1)).toMatchObject(failed);
    const work = new PendingWork<FoundSegments>();
    const isDone = editor.find(false, work.start);
    expect(states.at(-1)).toMatchObject({ phase: 'finding', problem: null });
    work.fail(error);
    expect(await isDone).toBe(false);
    expect(states.at(-1)).toMatchObject(failed);
  });

  it('that fails after it was cancelled says nothing', async () => {
    const { editor, states } = await imported();
    const work = new PendingWork<FoundSegments>();
    const isDone = editor.find(false, work.start);
    editor.cancel();
    work.fail(new InputError('aborted'));
    expect(await isDone).toBe(false);
    expect(states.at(-1)).toMatchObject({ phase: 'ready', problem: null });
  });
});

it('publishes nothing after close, and stops the work', async () => {
  const { editor, states } = await found();
  const work = new PendingWork<SeparatedVoices>();
  const isDone = editor.separate((_, onProgress) => work.start(onProgress));
  const published = states.length;
  editor.close();
  expect(work.stops).toBe(1);
  work.report(0.5, null);
  work.answer(separatedInto(twoNames));
  expect(await isDone).toBe(false);
  editor.undo();
  expect(await editor.find(false, new PendingWork<FoundSegments>().start)).toBe(false);
  expect(states).toHaveLength(published);
});

it('remarks on what a search could not know, and on people whom it has recognised', async () => {
  const names = [presetName('ann'), ...twoNames.slice(1)];
  const { states } = await found({ areDistinct: false, voices: { names, isKnown: [true, false] } }, true);
  expect(states.at(-1)?.remarks).toEqual(['voice 1 is ann (preset in your library)', 'a guess', 'alike']);
});

it('gives each voice and segment an id of its own, also those of later searches', async () => {
  const { editor } = await found();
  const ids = () => {
    const { voices, segments } = editor.state.history.present;
    return [...voices, ...segments].map(({ id }) => id);
  };
  const first = ids();
  const work = new PendingWork<FoundSegments>();
  const isDone = editor.find(false, work.start);
  work.answer(FOUND);
  await isDone;
  editor.edit({ type: 'addVoice', name: presetName('eve') });
  const all = [...first, ...ids()];
  expect(new Set(all).size).toBe(all.length);
});

describe('a separation', () => {
  /** Separates and answers at once, or cancels. @returns the task */
  async function separated(editor: RecordingEditor<SeparatedVoices>, isCancelled = false): Promise<SeparationTask> {
    const work = new PendingWork<SeparatedVoices>();
    const tasks: SeparationTask[] = [];
    const isDone = editor.separate((task, onProgress) => {
      tasks.push(task);
      return work.start(onProgress);
    });
    if (isCancelled) editor.cancel();
    work.answer(separatedInto(twoNames));
    expect(await isDone).toBe(!isCancelled);
    return tasks[0]!;
  }

  it('reads the present annotation, without ids', async () => {
    const { editor } = await found();
    editor.edit({ type: 'rename', voice: 1, name: presetName('bob') });
    const { speech } = await separated(editor);
    expect(speech).toEqual({
      seconds: 20,
      names: [twoNames[0], 'bob'],
      segments: FOUND.segments,
      overlap: FOUND.overlap,
    });
  });

  it('has a higher revision than all before it, cancelled ones included', async () => {
    const { editor, states } = await found();
    expect((await separated(editor)).revision).toBe(1);
    expect((await separated(editor, true)).revision).toBe(2);
    expect(states.at(-1)?.tracksRevision).toBe(1);
    expect((await separated(editor)).revision).toBe(3);
    expect(states.at(-1)).toMatchObject({ tracks: 'current', tracksRevision: 3 });
  });
});
