import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { parsePreset, serializePreset } from '../../../engine/model/Preset.ts';
import { presetName } from '../../../engine/model/PresetName.ts';
import { parseEvidence, serializeEvidence } from '../../../engine/model/SpeakerEvidence.ts';
import { DEMO_SPEAKERS } from '../../../host/files/demoFiles.ts';
import { AdaptationLibrary } from '../../../host/library/AdaptationLibrary.ts';
import { PresetLibrary, presetFolders } from '../../../host/library/PresetLibrary.ts';
import { runCommand } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const root = temporaryFolder();
const { bundled } = presetFolders();
const KEY = 'dcb7850f9e683fafeae28665e308b08de1bdb9d240fb64d11d71b58e32c3f556';
const SCENE_FILE = fileURLToPath(new URL(`../fixtures/version-0.1/${KEY}.scene.json`, import.meta.url));

/** SHA-256 of files bundled with version 0.1. */
const FILES_OF_0_1 = [
  ['synthetic-female.unmingle.json', 'e5c24d6a6dc57d0a1c4b4d22d916167df06269112cd28cf36efd6c2e8498f8c2'],
  ['synthetic-male.unmingle.json', 'd24a19140608995859d323f48f9a6985280bea85ad9ae355fa5dea61ca4b4918'],
  ['synthetic-female.evidence.json', 'e0cd8c91f51224a0f536913eddb31c1c5e93c3e5cdf62e5b9996fc6ebc35574a'],
  ['synthetic-male.evidence.json', '9ae940a0b899de88af3dfbe49134aeacab98a22ef858ea55bc79fa01dad7eb5d'],
] as const;

/** A library without bundled adaptations, as a user's own voices have it. */
const own = join(root, 'own');
const library = new PresetLibrary({ bundled: join(root, 'bundled'), own });

const voices = () => Promise.all(DEMO_SPEAKERS.map((name) => library.byName(presetName(name))));

beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  mkdirSync(join(root, 'bundled'));
  for (const name of DEMO_SPEAKERS) cpSync(join(bundled, `${name}.unmingle.json`), join(own, `${name}.unmingle.json`));
});

describe('files of version 0.1', () => {
  test.each(FILES_OF_0_1)('%s is written again with the same bytes', (name, hash) => {
    const text = readFileSync(join(bundled, name), 'utf8');
    const again = name.includes('evidence')
      ? serializeEvidence(parseEvidence(text))
      : serializePreset(parsePreset(text));
    for (const each of [text, again]) expect(createHash('sha256').update(each).digest('hex')).toBe(hash);
  });

  test('an adaptation in the folder scenes/ is found, and is the one that the program bundles today', async () => {
    const adaptations = new AdaptationLibrary(library);
    const source = await adaptations.source(await voices());
    expect(source.key).toBe(KEY);
    expect(await adaptations.find(source)).toBeNull();
    mkdirSync(join(own, 'scenes'));
    copyFileSync(SCENE_FILE, join(own, 'scenes', `${KEY}.scene.json`));
    const today = await new AdaptationLibrary(new PresetLibrary({ bundled, own: join(root, 'empty') })).find(source);
    expect((await adaptations.find(source))?.adaptation).toEqual(today?.adaptation);
  });

  test('an adaptation is imported from a *.scene.json file', async () => {
    const adaptations = new AdaptationLibrary(library);
    const source = await adaptations.source(await voices());
    await adaptations.import(source, SCENE_FILE);
    expect(existsSync(join(own, 'adaptations', `${KEY}.adaptation.json`))).toBe(true);
    expect(await adaptations.find(source)).not.toBeNull();
  });
});

describe('names of version 0.1 work and report the new name', () => {
  test('unmingle scene', async () => {
    const words = [...DEMO_SPEAKERS, '--import', SCENE_FILE, '--out', join(own, 'copy.json'), '--json'];
    const { code, stdout, stderr } = await runCommand(['scene', ...words], own);
    expect([code, stderr]).toEqual([0, 'scene is now called adapt; the old name will be removed\n']);
    expect(JSON.parse(stdout)).toMatchObject({ speakers: DEMO_SPEAKERS, key: KEY });
    expect(readFileSync(join(own, 'copy.json'))).toEqual(readFileSync(SCENE_FILE));
  });

  test('--no-scene of separate and live', async () => {
    const notice = '--no-scene is now called --no-adaptation; the old name will be removed\n';
    const separate = ['separate', 'none.wav', '-s', DEMO_SPEAKERS.join(), '-o', join(own, 'out'), '--no-scene'];
    const live = ['live', '--backend', 'file', '--input', 'none.wav', '--no-panel', '--no-scene'];
    for (const words of [separate, live]) {
      const { code, stderr } = await runCommand(words, own);
      expect(code).toBe(1);
      expect(stderr).toMatch(new RegExp(`^${notice}error: .*none\\.wav: does not exist`));
    }
  });

  test('evaluate --methods scene', async () => {
    const { stderr } = await runCommand(['evaluate', 'nowhere', '--methods', 'scene'], own);
    expect(stderr).toMatch(/^the method scene is now called adapted; the old name will be removed\nerror: .*nowhere/);
  });
});
