import { createHash } from 'node:crypto';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { adaptSpeakerSet } from '../../../engine/model/JointAdaptation.ts';
import { type SpeakerSet, sampleSpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { HIDDEN_UNITS } from '../../../engine/network/MaskNetwork.ts';
import { planStft } from '../../../engine/stft/StftPlan.ts';
import { DEMO_SPEAKERS } from '../../../host/files/demoFiles.ts';
import { AdaptationLibrary } from '../../../host/library/AdaptationLibrary.ts';
import { defaultSpeakerSet, demoPresetPaths, plainSpeakerSet } from '../../../host/library/defaultSpeakerSet.ts';
import { PresetLibrary, presetFolders } from '../../../host/library/PresetLibrary.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const plan = planStft({ sampleRateHertz: 48_000 });
const own = temporaryFolder();

afterEach(() => vi.unstubAllEnvs());

/** All numbers of a speaker set; comparing arrays element by element would take seconds. */
function hashOf({ speakers, outputTemplates = [], network }: SpeakerSet): string {
  const hash = createHash('sha256');
  const matrices = [...speakers.map(({ values }) => values), ...outputTemplates];
  if (network !== undefined) matrices.push(network.first, network.second);
  for (const matrix of matrices) hash.update(new Uint8Array(matrix.buffer, matrix.byteOffset, matrix.byteLength));
  return hash.digest('hex');
}

it('is what a session with these two voices loads from an empty library of its own', async () => {
  const library = new PresetLibrary({ bundled: presetFolders().bundled, own });
  const adaptations = new AdaptationLibrary(library);
  const source = await adaptations.source(DEMO_SPEAKERS);
  const stored = await adaptations.find(source);
  const loaded = adaptSpeakerSet(sampleSpeakerSet(source.presets, plan), stored!.adaptation);
  expect(hashOf(await defaultSpeakerSet(plan))).toBe(hashOf(loaded));
});

it('has output templates and a mask network; the plain one has neither', async () => {
  const { speakers, outputTemplates, network } = await defaultSpeakerSet(plan);
  expect(speakers.map(({ name, templates, coreTemplates }) => [name, templates, coreTemplates])).toEqual(
    DEMO_SPEAKERS.map((name) => [name, 192, 64]),
  );
  expect(outputTemplates).toHaveLength(2);
  expect(network?.speakers).toBe(2);
  expect(network!.second.length % (HIDDEN_UNITS + 1)).toBe(0);
  const plain = await plainSpeakerSet(plan);
  expect(hashOf(plain)).toBe(hashOf({ plan, magnitudeExponent: 0.5, bins: plain.bins, speakers }));
  expect([plain.outputTemplates, plain.network]).toEqual([undefined, undefined]);
});

it('ignores a preset of the user that has the name of a demo voice', async () => {
  const [, male] = demoPresetPaths();
  cpSync(male!, join(own, `${DEMO_SPEAKERS[0]}.unmingle.json`));
  const expected = hashOf(await plainSpeakerSet(plan));
  vi.stubEnv('UNMINGLE_PRESETS', own);
  expect(hashOf(await plainSpeakerSet(plan))).toBe(expected);
});
