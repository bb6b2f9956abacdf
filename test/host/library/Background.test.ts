import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { presetName } from '../../../engine/model/PresetName.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { AdaptationLibrary, BACKGROUND_PRESET } from '../../../host/library/AdaptationLibrary.ts';
import { withBackground } from '../../../host/library/Background.ts';
import { PresetLibrary, presetFolders } from '../../../host/library/PresetLibrary.ts';
import { runCommand } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const { bundled } = presetFolders();
const VOICE = 'synthetic-male';
const mixture = join(bundled, 'demo', 'mixture.flac');

test('the background is added to a single voice with evidence, and to nothing else', async () => {
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
  for (const names of [[VOICE, 'synthetic-female'], ['librispeech-367'], [BACKGROUND_PRESET]]) {
    const voices = await files(...names);
    const without = await withBackground(library, voices);
    expect(without).toMatchObject({ voices, isLoaded: false });
    expect(without.reason).toMatch(/exactly one known voice|librispeech-367 has no evidence file|the same voice/);
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

test('live --rest needs exactly one voice, and adaptation', async () => {
  const refused = async (...words: string[]) => {
    const { code, stderr } = await runCommand(['live', '--backend', 'file', '--rest', '--no-panel', ...words], folder);
    expect(code).toBe(1);
    return stderr;
  };
  expect(await refused()).toMatch(/--rest needs exactly one voice in --speakers, got 2/);
  expect(await refused('--speakers', VOICE, '--no-adaptation')).toMatch(/leave --no-adaptation out/);
});
