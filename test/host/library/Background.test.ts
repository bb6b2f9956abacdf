import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BACKGROUND_PRESET } from '../../../engine/model/adaptationRecipe.ts';
import { presetName } from '../../../engine/model/PresetName.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { resample } from '../../../host/audio/resample.ts';
import { AdaptationLibrary } from '../../../host/library/AdaptationLibrary.ts';
import { withBackground } from '../../../host/library/Background.ts';
import { PresetLibrary, presetFolders } from '../../../host/library/PresetLibrary.ts';
import { runCommand } from '../commandLine.ts';
import { writeWav } from '../lab/evaluation/voiceFolders.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const { bundled } = presetFolders();
const VOICE = 'synthetic-male';
const mixture = join(bundled, 'demo', 'mixture.flac');

test('the background is added to voices with evidence, and to nothing else', async () => {
  const library = new PresetLibrary({ bundled, own: folder });
  const files = (...names: string[]) => Promise.all(names.map((name) => library.byName(presetName(name))));
  const adaptations = new AdaptationLibrary(library);
  const loaded = await withBackground(library, await files(VOICE));
  expect(loaded).toMatchObject({ isLoaded: true, reason: null });
  expect(loaded.voices.map(({ name }) => name)).toEqual([VOICE, BACKGROUND_PRESET]);
  // The adaptation is bundled, so nothing is learnt here.
  expect(
    (await adaptations.find(await adaptations.source(loaded.voices)))?.adaptation.network?.temporalPrior,
  ).toBeGreaterThan(0);
  expect((await withBackground(library, await files(VOICE, 'synthetic-female'))).voices).toHaveLength(3);
  for (const names of [['librispeech-367'], [BACKGROUND_PRESET], Array.from({ length: 8 }, () => VOICE)]) {
    const voices = await files(...names);
    const without = await withBackground(library, voices);
    expect(without).toMatchObject({ voices, isLoaded: false });
    expect(without.reason).toMatch(/at most 7 known voices|librispeech-367 has no evidence file|the same voice/);
  }
});

test('separate --rest separates a known voice from an unknown one into two files that sum to the mixture', async () => {
  const run = async (out: string, ...words: string[]) => {
    const reference = join(bundled, 'demo', `${VOICE}.flac`);
    const options = ['--speakers', VOICE, '--rest', '--out', join(folder, out), '--json', '--references', reference];
    const result = await runCommand(['separate', mixture, ...options, ...words], folder);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const { sources, rest } = JSON.parse(result.stdout) as {
      sources: { metrics: { siSdrDecibels: number; stoi: number }; mixtureMetrics: { stoi: number } }[];
      rest: string;
    };
    expect(sources).toHaveLength(1);
    expect(rest).toBe(join(folder, out, 'rest.wav'));
    return sources[0]!;
  };
  const { metrics, mixtureMetrics } = await run('out');
  const plain = await run('plain', '--no-adaptation');
  expect(metrics.siSdrDecibels).toBeGreaterThan(plain.metrics.siSdrDecibels + 2);
  expect(metrics.stoi).toBeGreaterThan(mixtureMetrics.stoi);
  expect(readdirSync(join(folder, 'out')).sort()).toEqual(['rest.wav', `${VOICE}.wav`]);
  const [sum, voice, rest] = await Promise.all(
    [mixture, join(folder, 'out', `${VOICE}.wav`), join(folder, 'out', 'rest.wav')].map(
      async (path) => (await readRecording(path)).samples,
    ),
  );
  let worst = 0;
  sum!.forEach((sample, n) => {
    worst = Math.max(worst, Math.abs(sample - voice![n]! - rest![n]!));
  });
  expect(worst).toBeLessThan(1e-4);
});

test('beside two known voices, an unknown one goes to the rest, and a known one does not', async () => {
  const { samples, sampleRateHertz } = await readRecording(join(bundled, 'demo', `${VOICE}.flac`));
  const unknown = await unknownVoice();
  const levels = async (name: string, voice: Float32Array) => {
    const path = join(folder, `${name}.wav`);
    writeWav(path, [...voice], { sampleRateHertz });
    const speakers = `synthetic-female,${VOICE}`;
    const out = join(folder, name);
    const { code } = await runCommand(['separate', path, '--speakers', speakers, '--rest', '--out', out], folder);
    expect(code).toBe(0);
    return Promise.all(
      ['synthetic-female', VOICE, 'rest'].map(async (track) => {
        const output = (await readRecording(join(out, `${track}.wav`))).samples;
        return 10 * Math.log10(power(output) / power(voice));
      }),
    );
  };
  const [female, male, rest] = await levels('unknown', unknown);
  expect(rest).toBeGreaterThan(-2);
  expect(Math.max(female!, male!)).toBeLessThan(-10);
  const [other, own, remainder] = await levels('known', samples);
  expect(own).toBeGreaterThan(-1);
  expect(Math.max(other!, remainder!)).toBeLessThan(-20);
});

/** The person of VOICE, were he a third larger. */
async function unknownVoice(): Promise<Float32Array> {
  const { samples, sampleRateHertz } = await readRecording(join(bundled, 'demo', `${VOICE}.flac`));
  return resample(samples, 0.8 * sampleRateHertz, sampleRateHertz);
}

test('a live session with --rest sends an unknown voice to the rest', async () => {
  const input = join(folder, 'live.wav');
  const { sampleRateHertz } = await readRecording(join(bundled, 'demo', `${VOICE}.flac`));
  writeWav(input, [...(await unknownVoice())], { sampleRateHertz });
  const restLevel = async (name: string, ...words: string[]) => {
    const recordings = join(folder, name);
    const speakers = `synthetic-female,${VOICE}`;
    const { code } = await runCommand(
      [
        'live',
        '--backend',
        'file',
        '-i',
        input,
        '-s',
        speakers,
        '--no-panel',
        '--record',
        recordings,
        '--seconds',
        '4',
        ...words,
      ],
      folder,
    );
    expect(code).toBe(0);
    const [take] = readdirSync(recordings);
    const read = async (file: string) => {
      const { samples } = await readRecording(join(recordings, take!, file));
      // The speaker set with the background is loaded within the first second.
      return power(samples.subarray(samples.length / 2));
    };
    return 10 * Math.log10((await read('rest.wav')) / (await read('mixture.wav')) + 1e-9);
  };
  expect(await restLevel('with', '--rest')).toBeGreaterThan(-4);
  expect(await restLevel('without')).toBeLessThan(-40);
});

function power(signal: Float32Array): number {
  return signal.reduce((sum, value) => sum + value * value, 0) / signal.length;
}

test('live --rest needs voices, and their adaptation', async () => {
  const refused = async (...words: string[]) => {
    const { code, stderr } = await runCommand(['live', '--backend', 'file', '--rest', '--no-panel', ...words], folder);
    expect(code).toBe(1);
    return stderr;
  };
  const readers = [367, 533, 1688, 1998, 2033, 2414].map((reader) => `librispeech-${reader}`);
  const eight = ['synthetic-female', 'synthetic-male', ...readers].join();
  expect(await refused('--speakers', eight)).toMatch(/--rest needs 1 to 7 voices in --speakers, got 8/);
  expect(await refused('--speakers', VOICE, '--no-adaptation')).toMatch(/leave --no-adaptation out/);
});
