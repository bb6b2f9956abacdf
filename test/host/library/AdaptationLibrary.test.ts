import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { siSdr } from '../../../engine/evaluation/siSdr.ts';
import { stoi } from '../../../engine/evaluation/stoi.ts';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { presetName } from '../../../engine/model/PresetName.ts';
import type { SpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { PARAMETERS } from '../../../engine/separator/parameters.ts';
import { planStft } from '../../../engine/stft/StftPlan.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { streamSpeakerSet } from '../../../host/lab/evaluation/methods/streamSpeakerSet.ts';
import { AdaptationLibrary } from '../../../host/library/AdaptationLibrary.ts';
import { defaultSpeakerSet, plainSpeakerSet } from '../../../host/library/defaultSpeakerSet.ts';
import { PresetLibrary, presetFolders } from '../../../host/library/PresetLibrary.ts';
import { presetPath } from '../../../host/library/PresetPath.ts';
import { randomPreset } from '../../engine/syntheticVoice.ts';
import { runCommand } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const root = temporaryFolder();
const { bundled } = presetFolders();
const DEMO = ['synthetic-female', 'synthetic-male'];
let number = 0;
let own = '';
let library: PresetLibrary;

beforeEach(() => {
  own = join(root, `own${number++}`);
  mkdirSync(own);
  library = new PresetLibrary({ bundled, own });
});

const voices = (...names: string[]) => Promise.all(names.map((name) => library.byName(presetName(name))));
const files = (paths: string[]) => Promise.all(paths.map((path) => library.byPath(presetPath(path))));

test('the adaptation of the demo voices is bundled', async () => {
  const adaptations = new AdaptationLibrary(library);
  const source = await adaptations.source(await voices(...DEMO));
  expect(source.reason).toBeNull();
  const kept = await adaptations.find(source);
  expect(kept?.adaptation.logGains).toHaveLength(2);
});

test('the bundled adaptation improves the SI-SDR of the demo frame by frame, and its intelligibility at the default strength', async () => {
  const demo = (name: string) => readRecording(join(bundled, 'demo', `${name}.flac`));
  const { samples: mixture, sampleRateHertz } = await demo('mixture');
  const references = await Promise.all(DEMO.map(async (name) => (await demo(name)).samples));
  const plan = planStft({ sampleRateHertz });
  const measure = (speakerSet: SpeakerSet, separationStrength: number) => {
    const tracks = streamSpeakerSet(speakerSet, mixture, { separationStrength });
    const mean = (metric: (reference: Float32Array, track: Float32Array) => number) =>
      references.reduce((sum, reference, s) => sum + metric(reference, tracks[s]!), 0) / references.length;
    return { siSdr: mean(siSdr), stoi: mean((reference, track) => stoi(reference, track, sampleRateHertz)) };
  };
  const [adapted, plain] = await Promise.all([defaultSpeakerSet(plan), plainSpeakerSet(plan)]);
  expect(measure(adapted, 0).siSdr).toBeGreaterThan(measure(plain, 0).siSdr + 0.2);
  const strength = PARAMETERS.separationStrength.default;
  expect(measure(adapted, strength).stoi).toBeGreaterThan(measure(plain, strength).stoi);
});

test('a single voice, the same voice twice and a voice without evidence are not adapted, with a reason', async () => {
  const adaptations = new AdaptationLibrary(library);
  writeFileSync(join(own, 'ann.unmingle.json'), serializePreset(randomPreset('ann', 4, 1)));
  const reason = async (...names: string[]) => {
    const source = await adaptations.source(await voices(...names));
    expect(source.adaptable).toBeNull();
    return source.reason;
  };
  expect(await reason('ann')).toBeNull();
  expect(await reason('ann', 'synthetic-male')).toBe('ann has no evidence file');
  expect(await reason('synthetic-male', 'synthetic-male')).toBe('two of the speakers are the same voice');
  writeFileSync(join(own, 'ann.evidence.json'), '{}');
  expect(await reason('ann', 'synthetic-male')).toMatch(/ann\.evidence\.json: evidence\.format: must be/);
});

test('a damaged adaptation is ignored', async () => {
  const adaptations = new AdaptationLibrary(new PresetLibrary({ bundled: own, own }));
  const paths = DEMO.map((name) => join(bundled, `${name}.unmingle.json`));
  const source = await adaptations.source(await files(paths));
  expect(await adaptations.find(source)).toBeNull();
  mkdirSync(join(own, 'adaptations'));
  const path = join(own, 'adaptations', `${source.key}.adaptation.json`);
  copyFileSync(join(bundled, 'adaptations', `${source.key}.adaptation.json`), path);
  expect(await adaptations.find(source)).not.toBeNull();
  writeFileSync(path, readFileSync(path, 'utf8').slice(0, 1000));
  expect(await adaptations.find(source)).toBeNull();
});

test('evidence is imported and removed together with its preset', async () => {
  const elsewhere = join(root, 'elsewhere');
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, 'bob.unmingle.json'), serializePreset(randomPreset('bob', 4, 2)));
  copyFileSync(join(bundled, 'synthetic-male.evidence.json'), join(elsewhere, 'bob.evidence.json'));
  await library.import(presetPath(join(elsewhere, 'bob.unmingle.json')), false);
  expect(existsSync(join(own, 'bob.evidence.json'))).toBe(true);
  expect((await new AdaptationLibrary(library).source(await voices('bob', 'synthetic-female'))).reason).toBeNull();
  await library.remove(presetName('bob'));
  expect(existsSync(join(own, 'bob.evidence.json'))).toBe(false);
});

test('unmingle adapt reports and exports an adaptation, and refuses a single voice', async () => {
  const result = await runCommand(['adapt', ...DEMO, '--out', join(own, 'demo.adaptation.json'), '--json'], own);
  expect(result.stderr).toBe('');
  expect(JSON.parse(result.stdout)).toMatchObject({ speakers: DEMO, isKnown: true });
  expect(JSON.parse(readFileSync(join(own, 'demo.adaptation.json'), 'utf8'))).toMatchObject({
    format: 'unmingle-adaptation',
  });
  const refused = await runCommand(['adapt', 'synthetic-male'], own);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('adapt needs 2 to 8 speakers, got 1');
});

test('an exported adaptation can be imported where its evidence is missing', async () => {
  const file = join(own, 'given.adaptation.json');
  expect((await runCommand(['adapt', ...DEMO, '--out', file], own)).code).toBe(0);
  const elsewhere = join(own, 'elsewhere');
  mkdirSync(elsewhere);
  const paths = DEMO.map((name) => join(elsewhere, `${name}.unmingle.json`));
  for (const [index, name] of DEMO.entries()) copyFileSync(join(bundled, `${name}.unmingle.json`), paths[index]!);
  const adaptations = new AdaptationLibrary(new PresetLibrary({ bundled: elsewhere, own }));
  const source = await adaptations.source(await files(paths));
  expect(source).toMatchObject({ adaptable: null, reason: expect.stringContaining('has no evidence file') });
  expect(await adaptations.find(source)).toBeNull();
  const { adaptation } = await adaptations.import(source, file);
  expect((await adaptations.find(source))?.adaptation).toEqual(adaptation);
  expect((await adaptations.adapt(source, { signal: new AbortController().signal }))?.adaptation).toEqual(adaptation);
});

test('an adaptation of other speakers or another order, or a damaged or missing file, is refused and not stored', async () => {
  const file = join(own, 'given.adaptation.json');
  expect((await runCommand(['adapt', ...DEMO, '--out', file], own)).code).toBe(0);
  const refusal = async (...words: string[]) => {
    const result = await runCommand(['adapt', ...words], own);
    expect(result.code).toBe(1);
    expect(result.stderr.trim().split('\n')).toHaveLength(1);
    return result.stderr;
  };
  expect(await refusal(...DEMO.toReversed(), '--import', file)).toContain('the key of these speakers, in this order');
  expect(await refusal('synthetic-male', 'librispeech-367', '--import', file)).toContain('the key of these speakers');
  expect(await refusal('synthetic-male', 'synthetic-male', '--import', file)).toContain('named twice');
  expect(await refusal(...DEMO, '--import', join(own, 'none.json'))).toContain('does not exist');
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 1000));
  expect(await refusal(...DEMO, '--import', file)).toContain('not valid JSON');
  expect(existsSync(join(own, 'adaptations'))).toBe(false);
});
