import { readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { presetName } from '../../../engine/model/PresetName.ts';
import { chooseChannels } from '../../../host/audio/channelChoice.ts';
import { separateInput } from '../../../host/commands/separateInput.ts';
import { DEMO_SPEAKERS, demoVoicePath } from '../../../host/files/demoFiles.ts';
import { PresetLibrary } from '../../../host/library/PresetLibrary.ts';
import { float32, wavBytes } from '../audio/wavBytes.ts';
import { CapturedTerminal } from '../CapturedTerminal.ts';
import { mixture, presetsAB, RATE_HERTZ, samplesOf, separationFolder, voices } from './separationFolder.ts';

const { at, run } = separationFolder();

describe('channels', () => {
  const quarter = (samples: Float32Array) => [...samples].map((sample) => sample / 4);
  const interleaved = (...channels: readonly (readonly number[])[]) =>
    wavBytes(float32(channels[0]!.flatMap((_, n) => channels.map((channel) => channel[n]!))), {
      code: 3,
      bits: 32,
      channels: channels.length,
    });
  const [ann, bob, both] = [quarter(voices[0]), quarter(voices[1]), quarter(mixture)];
  const zeros = both.map(() => 0);
  const rms = (samples: ArrayLike<number>) =>
    Math.sqrt(Array.from(samples).reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  const separateChannels = async (name: string, bytes: Uint8Array, ...words: string[]) => {
    writeFileSync(at(`${name}.wav`), bytes);
    const result = await run('separate', at(`${name}.wav`), ...words, '--out', at(name));
    return { ...result, samples: async (voice: string) => samplesOf(at(name, `${voice}.wav`)) };
  };
  const sumOf = async ({ samples }: { samples: (voice: string) => Promise<Float32Array> }) => {
    const [first, second] = [await samples('ann'), await samples('bob')];
    return first.map((sample, n) => sample + second[n]!);
  };

  const chosen: [string, () => Uint8Array, readonly number[], RegExp][] = [
    [
      'anti-phase',
      () =>
        interleaved(
          both,
          both.map((x) => -x),
        ),
      both,
      /would cancel each other; channel 1 is used$/,
    ],
    ['silent-left', () => interleaved(zeros, both), both, /1 of 2 channels is silent; channel 2 is used$/],
  ];
  test.each(chosen)('%s: one channel is used at its own level', async (name, bytes, expected, remark) => {
    const result = await separateChannels(name, bytes(), ...presetsAB);
    expect(result.code).toBe(0);
    expect(result.stderr.trim()).toMatch(remark);
    expect(rms(await sumOf(result)) / rms(expected)).toBeCloseTo(1, 2);
  });

  test('--channel takes a number, mix or best', async () => {
    const bytes = interleaved(ann, bob);
    const second = await separateChannels('second', bytes, ...presetsAB, '--channel', '2');
    expect(second.stderr.trim()).toMatch(/second\.wav: channel 2 of 2 is used$/);
    expect(rms(await sumOf(second)) / rms(bob)).toBeCloseTo(1, 2);
    const mix = await separateChannels('mix', bytes, ...presetsAB, '--channel', 'mix');
    expect(mix.stderr.trim()).toMatch(/mix\.wav: 2 channels were averaged to one$/);
    expect(rms(await sumOf(mix)) / (rms(both) / 2)).toBeCloseTo(1, 2);
    const third = await separateChannels('third', bytes, ...presetsAB, '--channel', '3');
    expect(third).toMatchObject({ code: 1, stderr: expect.stringMatching(/--channel must be at most 2, .* got 3\n$/) });
    const wrong = await separateChannels('wrong', bytes, ...presetsAB, '--channel', 'left');
    expect(wrong.stderr).toMatch(/--channel must be mix, best or a number from 1 to 64, got "left"/);
  });

  test('--per-channel writes the voice of each channel, without the other', async () => {
    const bleed = both.map((_, n) => 0.25 * bob[n]! + ann[n]!);
    const result = await separateChannels('interview', interleaved(bleed, bob), '--per-channel', 'ann,bob');
    expect([result.code, result.stderr]).toEqual([0, '']);
    const separated = await result.samples('ann');
    expect(separated.length).toBe(ann.length);
    const rest = separated.map((sample, n) => sample - ann[n]!);
    expect(rms(rest) / rms(ann)).toBeLessThan(0.15);
    const one = await separateChannels('room', interleaved(bleed, bob), '--per-channel', 'ann,-');
    expect(one.code).toBe(0);
    expect(readdirSync(at('room'))).toEqual(['ann.wav']);
  });

  test('without speakers, voices that have a channel each are separated by channel', async () => {
    const bleed = both.map((_, n) => 0.1 * bob[n]! + ann[n]!);
    const words = ['--names', 'ann,bob'];
    const result = await separateChannels('strangers', interleaved(bleed, bob), ...words);
    expect(result).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/channel 1 is ann, channel 2 is bob; .* no preset/),
    });
    const rest = (await result.samples('ann')).map((sample, n) => sample - ann[n]!);
    expect(rms(rest) / rms(ann)).toBeLessThan(0.1);
    expect(readdirSync(at('strangers')).sort()).toEqual(['ann.wav', 'bob.wav']);
    const again = await separateChannels('strangers', interleaved(bleed, bob), ...words);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('ann.wav') });
  });

  test.each([
    [
      'a voice too few',
      ['--per-channel', 'ann'],
      /--per-channel must be one voice for each of the 2 channels .*, got 1\n$/,
    ],
    ['a voice twice', ['--per-channel', 'ann,ann'], /speaker "ann" is named twice; each voice must be named once\n$/],
    ['speakers as well', ['--per-channel', 'ann,bob', '-s', 'ann'], /--speakers has no effect with --per-channel/],
  ])('%s is refused', async (name, words, message) => {
    const result = await separateChannels(`refused ${name}`, interleaved(ann, bob), ...words);
    expect(result).toMatchObject({ code: 1, stderr: expect.stringMatching(message) });
  });
});

describe('a recording in which each voice has a channel', () => {
  const recordingSamples = 5 * RATE_HERTZ;

  test('the JSON report states how the voices were found', async () => {
    const [one, other] = await Promise.all(DEMO_SPEAKERS.map((speaker) => samplesOf(demoVoicePath(speaker))));
    const frames = Array.from({ length: recordingSamples }, (_, n) => [
      one![n]! + 0.1 * other![n]!,
      other![n]! + 0.1 * one![n]!,
    ]);
    const path = at('pair.wav');
    writeFileSync(
      path,
      wavBytes(float32(frames.flat()), { code: 3, bits: 32, channels: 2, sampleRateHertz: RATE_HERTZ }),
    );
    const terminal = new CapturedTerminal();
    const library = new PresetLibrary();
    const signal = new AbortController().signal;
    const found = await Promise.all(DEMO_SPEAKERS.map((speaker) => library.byName(presetName(speaker))));
    const options = {
      voices: 2,
      channel: 'best',
      latency: 'monitor',
      format: 'float32',
      json: true,
      stdoutRate: RATE_HERTZ,
    } as const;
    const names = { out: at('pair'), piped: null, adaptation: false, scene: true };
    const report = { recording: path, seconds: 5, voices: [], segments: [] };
    const input = { path, name: path, remove: async () => {} };
    await separateInput({ terminal, library, signal }, input, found, { ...options, ...names }, null, {
      chosen: await chooseChannels(path, 'best'),
      report,
    });
    expect(terminal.stderr).toMatch(/each channel holds another voice: channel 1 is synthetic-female/);
    expect(JSON.parse(terminal.stdout)).toMatchObject({ channels: 2, found: report });
  });
});
