import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { DEMO_SPEAKERS, demoMixturePath, demoVoicePath } from '../../../host/files/demoFiles.ts';
import { parseTakeFile, type TakeFile, type TakeVoice } from '../../../host/protocol/takeFile.ts';
import { LiveProgram } from '../LiveProgram.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const environment = { ...process.env, UNMINGLE_SETTINGS: join(folder, 'live.json') };
const RATE = 16_000;
const names: readonly string[] = DEMO_SPEAKERS;
const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, 1000 * count));
const read = async (path: string) => (await readRecording(path, 600)).samples;

interface RecordedTake {
  readonly description: TakeFile;
  /** By name. */
  readonly files: ReadonlyMap<string, Float32Array>;
}

async function readTake(recordings: string): Promise<RecordedTake> {
  const [name] = readdirSync(recordings);
  const path = join(recordings, name!);
  const description = parseTakeFile(readFileSync(join(path, 'take.json'), 'utf8'));
  const files = new Map<string, Float32Array>();
  for (const each of readdirSync(path)) if (each.endsWith('.wav')) files.set(each, await read(join(path, each)));
  return { description, files };
}

/** @returns position in the looped demo of a piece of the mixture; -1 if the machine was too slow to play it without a gap */
function demoPosition(looped: Float32Array, piece: Float32Array): number {
  return looped.findIndex((_, start) => piece.every((sample, n) => looped[(start + n) % looped.length] === sample));
}

/** Correlation coefficient of signals that are added piece by piece. */
class Correlation {
  private product = 0;
  private first = 0;
  private second = 0;

  add(one: Float32Array, other: Float32Array): void {
    for (let n = 0; n < one.length; n++) {
      this.product += one[n]! * other[n]!;
      this.first += one[n]! ** 2;
      this.second += other[n]! ** 2;
    }
  }

  get value(): number {
    return this.first === 0 ? 0 : this.product / Math.sqrt(this.first * this.second);
  }
}

/** Checks that at every sample the stems sum to the mixture. */
function expectWhole({ description, files }: RecordedTake): void {
  const stems = [...description.voices.map(({ file }) => file), description.files.rest].map((each) => files.get(each)!);
  expect(new Set([...files.values()].map(({ length }) => length))).toEqual(new Set([description.samples]));
  for (const [n, sample] of files.get(description.files.mixture)!.entries()) {
    const sum = stems.reduce((total, stem) => total + stem[n]!, 0);
    if (Math.abs(sum - sample) > 1e-6) expect.fail(`sample ${n}: the stems sum to ${sum}, the mixture is ${sample}`);
  }
}

/** Pieces are short, so that a busy machine plays many of them without a gap. */
const PIECE = RATE / 10;
/** A loaded voice's track is digitally silent for 10 ms only where the engine is bypassed. */
const BYPASSED_SAMPLES = RATE / 100;

/**
 * Checks that a voice's file holds digital silence where it is not loaded; that person where both people are loaded; and where it is
 * loaded alone, the mixture.
 * @returns pieces examined of each file
 */
async function expectOwnVoices({ description, files }: RecordedTake): Promise<number[]> {
  const mixture = files.get(description.files.mixture)!;
  const looped = await read(demoMixturePath());
  const people = await Promise.all(DEMO_SPEAKERS.map((name) => read(demoVoicePath(name))));
  const length = description.samples!;
  const isHeard = ({ heard }: TakeVoice, n: number) =>
    heard.some(({ fromSample, toSample }) => n >= fromSample && n < (toSample ?? length));
  return description.voices.map((voice) => {
    const { name, file } = voice;
    const stem = files.get(file)!;
    for (const [n, sample] of stem.entries())
      if (sample !== 0 && !isHeard(voice, n)) expect.fail(`${file} sounds at ${n}`);
    const together = people.map(() => new Correlation());
    const alone = new Correlation();
    let examined = 0;
    for (let from = 0; from + PIECE <= length; from += PIECE) {
      const piece = (sound: Float32Array, start = from) =>
        Float32Array.from({ length: PIECE }, (_, n) => sound[(start + n) % sound.length]!);
      const voicesAt = (n: number) => description.voices.filter((each) => isHeard(each, n));
      const heard = voicesAt(from);
      const isSteady =
        heard.every((each) => isHeard(each, from + PIECE - 1)) && heard.length === voicesAt(from + PIECE - 1).length;
      // Where the machine was too slow, the engine was bypassed, and all sound is in the rest.
      const isBypassed = longestSilence(piece(stem)) >= BYPASSED_SAMPLES;
      const start = isBypassed || !isSteady ? -1 : demoPosition(looped, piece(mixture));
      if (start < 0) continue;
      examined++;
      if (heard.length === 1) alone.add(piece(stem), piece(mixture));
      else for (const [n, person] of people.entries()) together[n]!.add(piece(stem), piece(person, start));
    }
    const own = names.indexOf(name);
    const similarity = together.map(({ value }) => value);
    // On an idle machine 0.95 and 0.15.
    expect(similarity[own], file).toBeGreaterThan(0.6);
    expect(similarity[own], file).toBeGreaterThan(similarity[1 - own]! + 0.3);
    if (alone.value !== 0) expect(alone.value, file).toBeGreaterThan(0.98);
    return examined;
  });
}

/** @returns length of the longest run of samples that are 0 */
function longestSilence(samples: Float32Array): number {
  let longest = 0;
  let length = 0;
  for (const sample of samples) {
    length = sample === 0 ? length + 1 : 0;
    longest = Math.max(longest, length);
  }
  return longest;
}

async function recording(name: string): Promise<{ live: LiveProgram; recordings: string }> {
  const recordings = join(folder, name);
  const live = new LiveProgram(
    ['--backend', 'file', '--input', demoMixturePath(), '--speakers', DEMO_SPEAKERS.join(), '--record', recordings],
    environment,
  );
  await live.running();
  return { live, recordings };
}

/** Waits until the voices have been separated for `count` seconds without a gap, on a busy machine for 15 s at most. */
async function separated(live: LiveProgram, count: number): Promise<void> {
  const gaps = () => {
    const { inputGaps, outputGaps, shortenings, bypassedSamples, dryFallbacks } = live.latest!.counters;
    return [inputGaps, outputGaps, shortenings, bypassedSamples, dryFallbacks].join();
  };
  const end = performance.now() + 15_000;
  let since = performance.now();
  for (let before = gaps(); performance.now() < Math.min(since + 1000 * count, end); ) {
    await seconds(0.1);
    const now = gaps();
    if (now !== before) since = performance.now();
    before = now;
  }
}

it('unloading, loading and replacing voices while recording keeps each person in one file, by slot as by id', async () => {
  const { live, recordings } = await recording('swapped');
  await separated(live, 2.5);
  await live.control({ type: 'unloadPreset', slot: 0 });
  await separated(live, 2);
  await live.control({ type: 'loadPreset', slot: 1, preset: 'synthetic-female' });
  await separated(live, 2.5);
  await live.control({ type: 'unloadPreset', voice: 2 });
  await live.control({ type: 'loadPreset', voice: null, preset: 'synthetic-male' });
  await separated(live, 2.5);
  expect(await live.stop()).toBe(0);
  const take = await readTake(recordings);
  expect(take.description.state).toBe('complete');
  expect(take.description.voices.map(({ id, file }) => [id, file])).toEqual([
    [1, '1-synthetic-female.wav'],
    [2, '2-synthetic-male.wav'],
    [3, '3-synthetic-female.wav'],
    [4, '4-synthetic-male.wav'],
  ]);
  const [female, male, again, last] = take.description.voices.map(({ heard }) => heard);
  expect(female![0]!.toSample).toBeGreaterThan(RATE);
  expect(again![0]!.fromSample).toBeGreaterThan(female![0]!.toSample! + RATE);
  expect(male![0]!.toSample).not.toBeNull();
  expect(last![0]!.toSample).toBeNull();
  expect(take.description.latencies).toMatchObject([{ fromSample: 0, latencySamples: 256 }]);
  expectWhole(take);
  const examined = await expectOwnVoices(take);
  expect(Math.min(...examined)).toBeGreaterThan(3);
}, 120_000);

it('a killed run leaves a valid description of the take', async () => {
  const { live, recordings } = await recording('killed');
  await seconds(1.5);
  process.kill(live.processId, 'SIGKILL');
  await live.exited;
  const path = join(recordings, readdirSync(recordings)[0]!, 'take.json');
  const description = () => parseTakeFile(readFileSync(path, 'utf8'));
  expect(description().voices.map(({ name }) => name)).toEqual([...DEMO_SPEAKERS]);
  // The audio process notices that it is alone, and completes the files.
  await expect.poll(() => description().state, { timeout: 10_000 }).toBe('broken-off');
  expect(description().reason).toBe('the program ended unexpectedly');
});
