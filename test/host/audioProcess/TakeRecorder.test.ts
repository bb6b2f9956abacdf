import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { SampleRing } from '../../../engine/core/SampleRing.ts';
import { TapMarks } from '../../../engine/realtime/TapMarks.ts';
import {
  TAP_CHANNELS,
  TAP_FIRST_SPEAKER,
  TAP_MAIN,
  TAP_MARK,
  TAP_MIXTURE,
} from '../../../engine/realtime/tapChannels.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { TakeRecorder, type TakeRecorderOptions } from '../../../host/audioProcess/TakeRecorder.ts';
import { decodeSoundFrame } from '../../../host/protocol/soundFrame.ts';
import { parseTakeFile } from '../../../host/protocol/takeFile.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const RATE = 16_000;
const HEADER_BYTES = 58;
const folder = temporaryFolder();
let close: () => Promise<void> = async () => {};
afterEach(() => close());

function record(changes: Partial<TakeRecorderOptions> = {}) {
  const tap = new SampleRing(SampleRing.allocate(RATE, TAP_CHANNELS));
  const tapMarks = new TapMarks();
  tapMarks.write(0, {
    voices: Int32Array.from({ length: 16 }, (_, output) => (output === 0 ? 7 : 0)),
    latencySamples: 64,
    droppedSamples: 0,
  });
  const tapped: boolean[] = [];
  const faults: [string, Error][] = [];
  const sound: number[] = [];
  const mix: Uint8Array[] = [];
  const input: number[] = [];
  const recorder = new TakeRecorder({
    tap,
    tapMarks,
    sampleRateHertz: RATE,
    droppedSamples: () => 0,
    onTapped: (isTapped) => tapped.push(isTapped),
    onSound: (pcm) => sound.push(...pcm),
    onMix: (frame) => mix.push(frame),
    onInput: ({ samples }) => input.push(...samples),
    onFeedback: () => {},
    onFault: (...fault) => faults.push(fault),
    ...changes,
  });
  close = () => recorder.close();
  return { tap, tapMarks, tapped, faults, sound, mix, input, recorder };
}

/** [frames * TAP_CHANNELS] frame + channel / 100; mark 0, with voice 7 on the first output */
function frames(count: number): Float32Array {
  return Float32Array.from({ length: count * TAP_CHANNELS }, (_, n) =>
    n % TAP_CHANNELS === TAP_MARK ? 0 : Math.floor(n / TAP_CHANNELS) + (n % TAP_CHANNELS) / 100,
  );
}

describe('TakeRecorder', () => {
  it('writes every frame that is in the tap when a take is stopped, and none from before its start', async () => {
    const { tap, tapped, recorder } = record();
    tap.write(frames(50), 0, 50);
    await recorder.startTake(join(folder, 'take'), [{ id: 7, name: 'ann' }]);
    tap.write(frames(1000), 0, 1000);
    expect(await recorder.stopTake()).toEqual({
      samples: 1000,
      bytes: 4 * (HEADER_BYTES + 4 * 1000),
      droppedSamples: 0,
    });
    for (const [name, channel] of [
      ['mixture', TAP_MIXTURE],
      ['1-ann', TAP_FIRST_SPEAKER],
    ] as const) {
      const { samples } = await readRecording(join(folder, 'take', `${name}.wav`), 60);
      expect([...samples]).toEqual(Array.from({ length: 1000 }, (_, n) => Math.fround(n + channel / 100)));
    }
    expect(tapped).toEqual([true, false]);
  });

  it('speech that starts during a take begins with the frames that come after it', async () => {
    const { tap, tapped, recorder } = record();
    await recorder.startTake(join(folder, 'both'), []);
    tap.write(frames(300), 0, 300);
    await recorder.startSpeech(join(folder, 'both.wav'));
    tap.write(frames(200), 0, 200);
    await recorder.stopSpeech();
    expect((await recorder.stopTake())?.samples).toBe(500);
    expect((await readRecording(join(folder, 'both.wav'), 60)).samples.length).toBe(200);
    expect(tapped).toEqual([true, false]);
  });

  it('writes while this thread is blocked, and the file is readable at any moment', async () => {
    const { tap, recorder } = record();
    await recorder.startTake(join(folder, 'blocked'), []);
    tap.write(frames(1000), 0, 1000);
    const path = join(folder, 'blocked', 'mixture.wav');
    // Nothing else runs in this thread until the file has grown.
    const pause = new Int32Array(new SharedArrayBuffer(4));
    for (let turn = 0; turn < 500 && statSync(path).size === HEADER_BYTES; turn++) Atomics.wait(pause, 0, 0, 10);
    await expect.poll(async () => (await readRecording(path, 60)).samples.length).toBe(1000);
    await expect.poll(() => recorder.take?.samples).toBe(1000);
  });

  it('states how many samples are missing because the tap was full', async () => {
    let dropped = 70;
    const { recorder } = record({ droppedSamples: () => dropped });
    await recorder.startTake(join(folder, 'dropped'), []);
    dropped += 30;
    expect((await recorder.stopTake())?.droppedSamples).toBe(30);
    expect(await recorder.stopTake()).toBeNull();
  });

  it('reports a disk that does not respond in time, keeps what was written, and can record again', async () => {
    const deadlinesMilliseconds = { start: 10_000, voices: 10_000, stop: 10_000 };
    const { tap, tapped, faults, recorder } = record({ deadlinesMilliseconds });
    await recorder.startTake(join(folder, 'late'), []);
    await recorder.startSpeech(join(folder, 'late.wav'));
    tap.write(frames(1000), 0, 1000);
    const path = join(folder, 'late', 'mixture.wav');
    await expect.poll(() => statSync(path).size).toBeGreaterThan(HEADER_BYTES);
    // A second of sound takes longer to write than the 1 ms of the shortest timer.
    deadlinesMilliseconds.stop = 0;
    tap.write(frames(RATE), 0, RATE);
    const stopped = recorder.stopTake();
    await expect(stopped).rejects.toThrow(InputError);
    await expect(stopped).rejects.toThrow(/disk does not respond.*what was written is readable/);
    // The thread wrote both recordings.
    expect(faults.map(([kind]) => kind)).toEqual(['take', 'speech']);
    expect([recorder.take, recorder.speechFigures]).toEqual([null, null]);
    expect(tapped.at(-1)).toBe(false);
    expect((await readRecording(path, 60)).samples.length).toBeGreaterThanOrEqual(1000);
    deadlinesMilliseconds.stop = 10_000;
    await recorder.startTake(join(folder, 'later'), []);
    tap.write(frames(10), 0, 10);
    expect((await recorder.stopTake())?.samples).toBe(10);
  });

  it('names the file that cannot be created, and records nothing', async () => {
    const { recorder, tapped } = record();
    const start = () => recorder.startTake('/proc/nowhere', []);
    await expect(start()).rejects.toThrow(InputError);
    await expect(start()).rejects.toThrow(/\/proc\/nowhere/);
    expect([recorder.take, ...tapped]).toEqual([null]);
  });

  it('describes a take that it had to break off', async () => {
    const { tap, recorder } = record();
    await recorder.startTake(join(folder, 'broken'), [{ id: 7, name: 'ann' }]);
    tap.write(frames(500), 0, 500);
    await recorder.close('the device is gone');
    const take = parseTakeFile(readFileSync(join(folder, 'broken', 'take.json'), 'utf8'));
    expect(take).toMatchObject({ state: 'broken-off', reason: 'the device is gone', samples: 500 });
    expect(take.voices).toMatchObject([{ id: 7, name: 'ann', presetHash: null, file: '1-ann.wav' }]);
  });

  it('names a voice that is loaded during a take, and states its preset', async () => {
    const { tap, tapMarks, recorder } = record();
    await recorder.startTake(join(folder, 'late voice'), [{ id: 7, name: 'ann' }]);
    tap.write(frames(300), 0, 300);
    recorder.nameVoices([
      { id: 7, name: 'ann', presetHash: 'a' },
      { id: 8, name: 'bob', presetHash: 'b' },
    ]);
    const voices = Int32Array.from({ length: 16 }, (_, output) => [7, 8][output] ?? 0);
    tapMarks.write(1, { voices, latencySamples: 64, droppedSamples: 0 });
    const both = frames(200).map((value, n) => (n % TAP_CHANNELS === TAP_MARK ? 1 : value));
    tap.write(both, 0, 200);
    await recorder.stopTake();
    const take = parseTakeFile(readFileSync(join(folder, 'late voice', 'take.json'), 'utf8'));
    expect(take.voices.map(({ name, presetHash, heard }) => [name, presetHash, heard[0]!.fromSample])).toEqual([
      ['ann', null, 0],
      ['bob', 'b', 300],
    ]);
    expect((await readRecording(join(folder, 'late voice', '2-bob.wav'), 60)).samples.length).toBe(500);
  });

  it('refuses to record once it is closed, instead of creating files that stay empty', async () => {
    const { recorder, faults } = record();
    await recorder.close();
    await expect(recorder.startTake(join(folder, 'closed'), [])).rejects.toThrow(/engine is being restarted/);
    await expect(recorder.startSpeech(join(folder, 'closed.wav'))).rejects.toThrow(/engine is being restarted/);
    expect(faults).toEqual([]);
  });

  it('sends every sample of the input that is in the tap when it stops, and writes none of them', async () => {
    const { tap, tapped, input, recorder } = record();
    await recorder.startInput();
    tap.write(frames(1000), 0, 1000);
    await recorder.stopInput();
    await expect.poll(() => input.length).toBe(1000);
    expect(input).toEqual(Array.from({ length: 1000 }, (_, frame) => Math.fround(frame + TAP_MIXTURE / 100)));
    expect(tapped).toEqual([true, false]);
  });

  it('sends the mix as sound frames beside a take, only while it is asked for', async () => {
    const { tap, tapped, mix, recorder } = record();
    await recorder.startMix(false);
    await recorder.startTake(join(folder, 'heard'), []);
    tap.write(
      frames(800).map((value, n) => (n % TAP_CHANNELS === TAP_MARK ? 0 : value / 800)),
      0,
      800,
    );
    await recorder.stopTake();
    await recorder.stopMix();
    expect(tapped).toEqual([true, false]);
    tap.write(frames(100), 0, 100);
    const heard = mix.map((frame) => decodeSoundFrame(frame.slice().buffer));
    expect(heard.every((frame) => frame?.sampleRateHertz === RATE)).toBe(true);
    const samples = heard.flatMap((frame) => [...(frame?.samples ?? [])]);
    expect(samples.length).toBe(800);
    for (const [n, sample] of samples.entries()) expect(sample).toBeCloseTo(Math.min(1, (n + TAP_MAIN / 100) / 800), 4);
  });

  it('streams a voice that is named before or after, beside a take, until it is closed', async () => {
    const { tap, tapped, sound, recorder } = record();
    await recorder.startStream({ voice: 'ann', rateHertz: RATE });
    recorder.nameVoices([{ id: 7, name: 'ann', presetHash: null }]);
    await recorder.startTake(join(folder, 'beside'), [{ id: 7, name: 'ann' }]);
    tap.write(frames(1000), 0, 1000);
    await recorder.stopTake();
    expect(tapped).toEqual([true]);
    await recorder.close();
    expect(tapped).toEqual([true, false]);
    expect(sound.length).toBe(2 * 1000);
    // Frame 0 has 0.01 on the first output; later frames are over full scale.
    expect(sound[0]! + 256 * sound[1]!).toBe(Math.round(0.01 * 32_768));
    const again = record();
    again.recorder.nameVoices([{ id: 7, name: 'ann', presetHash: null }]);
    await again.recorder.startStream({ voice: 'ann', rateHertz: RATE });
    again.tap.write(frames(10), 0, 10);
    await again.recorder.close();
    expect(again.sound.length).toBe(2 * 10);
    expect(again.sound.some((byte) => byte !== 0)).toBe(true);
  });
});
