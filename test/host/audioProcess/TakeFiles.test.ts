import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MAXIMUM_OUTPUTS } from '../../../engine/core/limits.ts';
import {
  TAP_CHANNELS,
  TAP_FIRST_SPEAKER,
  TAP_MAIN,
  TAP_MIXTURE,
  TAP_REST,
} from '../../../engine/realtime/tapChannels.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { TakeFiles } from '../../../host/audioProcess/TakeFiles.ts';
import type { TapBlock } from '../../../host/audioProcess/TapBlock.ts';
import { parseTakeFile } from '../../../host/protocol/takeFile.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const RATE = 16_000;
const root = temporaryFolder();
let takes = 0;
const nextFolder = () => join(root, String(++takes));
const ann = { id: 1, name: 'ann', presetHash: 'abc' };
const bob = { id: 2, name: 'bob', presetHash: null };
const carl = { id: 3, name: 'carl', presetHash: null };
const described = (folder: string) => parseTakeFile(readFileSync(join(folder, 'take.json'), 'utf8'));

/**
 * A block of 1000 frames in which each voice has the value of its id, the mixture 100, the rest 200 and the mix 300.
 * @param voices id by output
 */
function block(mark: number, voices: readonly number[], droppedSamples = 0, latencySamples = 160): TapBlock {
  const count = 1000;
  const frames = new Float32Array((count + 5) * TAP_CHANNELS);
  for (let n = 5; n < count + 5; n++) {
    const frame = n * TAP_CHANNELS;
    frames[frame + TAP_MIXTURE] = 100;
    frames[frame + TAP_REST] = 200;
    frames[frame + TAP_MAIN] = 300;
    voices.forEach((voice, output) => {
      frames[frame + TAP_FIRST_SPEAKER + output] = voice;
    });
  }
  const padded = Int32Array.from({ length: MAXIMUM_OUTPUTS }, (_, output) => voices[output] ?? 0);
  return { frames, first: 5, count, mark, state: { voices: padded, latencySamples, droppedSamples } };
}

/** Values of a file, as runs: [value, samples]. */
async function runs(folder: string, name: string): Promise<[number, number][]> {
  const { samples } = await readRecording(join(folder, `${name}.wav`), 60);
  const found: [number, number][] = [];
  for (const value of samples) {
    const run = found.at(-1);
    if (run?.[0] === value) run[1]++;
    else found.push([value, 1]);
  }
  return found;
}

it('each voice has a file of its own, silent while it is not loaded, and all files are of the same length', async () => {
  const folder = nextFolder();
  const take = await TakeFiles.create(folder, [ann, bob], RATE);
  await take.append(block(0, [1, 2]));
  // Ann has been unloaded; carl gets another output, then ann's former one.
  await take.append(block(1, [0, 2]));
  // A new name of a preset does not rename its file.
  take.nameVoices([{ ...bob, name: 'rob' }, carl]);
  await take.append(block(2, [0, 2, 3]));
  await take.append(block(3, [3, 2, 0]));
  expect((await readRecording(join(folder, '1-ann.wav'), 60)).samples.length).toBe(4000);
  await take.append(block(4, [0, 0, 0]));
  await take.close(null);
  expect(await runs(folder, '1-ann')).toEqual([
    [1, 1000],
    [0, 4000],
  ]);
  expect(await runs(folder, '2-bob')).toEqual([
    [2, 4000],
    [0, 1000],
  ]);
  expect(await runs(folder, '3-carl')).toEqual([
    [0, 2000],
    [3, 2000],
    [0, 1000],
  ]);
  expect(await runs(folder, 'mixture')).toEqual([[100, 5000]]);
  expect(await runs(folder, 'rest')).toEqual([[200, 5000]]);
  expect(await runs(folder, 'mix')).toEqual([[300, 5000]]);
  expect(readdirSync(folder).sort()).toEqual([
    '1-ann.wav',
    '2-bob.wav',
    '3-carl.wav',
    'mix.wav',
    'mixture.wav',
    'rest.wav',
    'take.json',
  ]);
  const interval = (fromSample: number, toSample: number | null) => ({
    fromSample,
    toSample,
    fromSeconds: fromSample / RATE,
    toSeconds: toSample === null ? null : toSample / RATE,
  });
  expect(described(folder)).toMatchObject({
    state: 'complete',
    reason: null,
    sampleRateHertz: RATE,
    samples: 5000,
    seconds: 5000 / RATE,
    voices: [
      { ...ann, file: '1-ann.wav', heard: [interval(0, 1000)] },
      { ...bob, file: '2-bob.wav', heard: [interval(0, 4000)] },
      { ...carl, file: '3-carl.wav', heard: [interval(2000, 3000), interval(3000, 4000)] },
    ],
    latencies: [{ fromSample: 0, fromSeconds: 0, latencySamples: 160, latencySeconds: 0.01 }],
    gaps: [],
  });
});

it('the take file is valid and up to date at any moment, so that a killed run leaves one', async () => {
  const folder = nextFolder();
  const take = await TakeFiles.create(folder, [ann, bob], RATE);
  const before = Date.now();
  expect(described(folder)).toMatchObject({ state: 'recording', samples: null, voices: [], gaps: [] });
  expect(Math.abs(Date.parse(described(folder).startTime) - before)).toBeLessThan(10_000);
  // Files are numbered in the order of the strips, whatever the outputs.
  await take.append(block(7, [2, 1], 40));
  expect(described(folder).voices.map(({ file }) => file)).toEqual(['1-ann.wav', '2-bob.wav']);
  expect(described(folder).gaps).toEqual([]);
  await take.append(block(8, [2, 1], 90, 320));
  expect(described(folder)).toMatchObject({
    state: 'recording',
    latencies: [
      { fromSample: 0, latencySamples: 160 },
      { fromSample: 1000, latencySamples: 320 },
    ],
    gaps: [{ atSample: 1000, missingSamples: 50, missingSeconds: 50 / RATE }],
  });
  await take.close('the device is gone');
  expect(described(folder)).toMatchObject({ state: 'broken-off', reason: 'the device is gone', samples: 2000 });
});

it('a voice that comes back with its id continues its file; one that nobody has named has a file too', async () => {
  const folder = nextFolder();
  const take = await TakeFiles.create(folder, [ann], RATE);
  await take.append(block(0, [1]));
  await take.append(block(1, []));
  await take.append(block(2, [0, 1, 9]));
  await take.close(null);
  expect(await runs(folder, '1-ann')).toEqual([
    [1, 1000],
    [0, 1000],
    [1, 1000],
  ]);
  expect(await runs(folder, '2-voice 9')).toEqual([
    [0, 2000],
    [9, 1000],
  ]);
  expect(described(folder).voices[0]!.heard.map(({ fromSample, toSample }) => [fromSample, toSample])).toEqual([
    [0, 1000],
    [2000, null],
  ]);
});

it('two voices of the same preset have two files', async () => {
  const folder = nextFolder();
  const take = await TakeFiles.create(folder, [ann, { ...ann, id: 5 }], RATE);
  await take.append(block(0, [5, 1]));
  await take.close(null);
  expect(await runs(folder, '1-ann')).toEqual([[1, 1000]]);
  expect(await runs(folder, '2-ann')).toEqual([[5, 1000]]);
});

it('an existing file is not replaced, and no other is left', async () => {
  const folder = nextFolder();
  const first = await TakeFiles.create(folder, [], RATE);
  await first.close(null);
  const text = readFileSync(join(folder, 'take.json'), 'utf8');
  await expect(TakeFiles.create(folder, [ann], RATE)).rejects.toThrow(/mixture\.wav/);
  expect(readFileSync(join(folder, 'take.json'), 'utf8')).toBe(text);
  expect(existsSync(join(folder, 'mixture.wav'))).toBe(true);
  const partly = nextFolder();
  mkdirSync(partly);
  writeFileSync(join(partly, 'mix.wav'), 'mine');
  await expect(TakeFiles.create(partly, [], RATE)).rejects.toThrow(/mix\.wav/);
  expect(readdirSync(partly)).toEqual(['mix.wav']);
});
