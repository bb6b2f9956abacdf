import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { presetName } from '../../../engine/model/PresetName.ts';
import { PresetLibrary, presetFolders } from '../../../host/library/PresetLibrary.ts';
import { defaultSettings, initialState } from '../../../host/session/liveSettings.ts';
import { PresetManager } from '../../../host/session/PresetManager.ts';
import { SessionState } from '../../../host/session/SessionState.ts';
import { randomPreset } from '../../engine/syntheticVoice.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const EVIDENCE = readFileSync(join(presetFolders().bundled, 'synthetic-male.evidence.json'), 'utf8');
const root = temporaryFolder();
let number = 0;
let own = '';
let notices: string[] = [];
let presets: PresetManager;
let state: SessionState;
const at = (name: string) => join(own, name);
const textOf = (name: string, seed: number) => serializePreset(randomPreset(name, 4, seed));

beforeEach(() => {
  own = join(root, `own-${number++}`);
  mkdirSync(own);
  notices = [];
  writeFileSync(at('ann.unmingle.json'), textOf('ann', 1));
  writeFileSync(at('ann.evidence.json'), EVIDENCE);
  state = new SessionState(initialState(defaultSettings(), [], [], []));
  const library = new PresetLibrary({ bundled: join(root, 'none'), own });
  presets = new PresetManager(library, state, (text) => notices.push(text));
});

it('replacing a preset by one of the same weights keeps its evidence', async () => {
  await presets.add(textOf('ann', 1), true);
  expect(readFileSync(at('ann.evidence.json'), 'utf8')).toBe(EVIDENCE);
  expect(notices).toEqual([]);
});

it('replacing a preset by another voice removes its evidence and reports it', async () => {
  await presets.add(textOf('ann', 2), true);
  expect(existsSync(at('ann.evidence.json'))).toBe(false);
  expect(notices).toEqual([`the evidence of the replaced preset was removed: ${at('ann.evidence.json')}`]);
});

it('renaming overwrites neither a preset whose name differs in case nor evidence without a preset', async () => {
  writeFileSync(at('ANN.unmingle.json'), textOf('ANN', 3));
  writeFileSync(at('zoe.evidence.json'), 'precious');
  const isCaseIgnored = readdirSync(own).length < 4;
  if (!isCaseIgnored) {
    await expect(presets.rename(presetName('ann'), presetName('ANN'))).rejects.toThrow(/already exists/);
  }
  await expect(presets.rename(presetName('ann'), presetName('zoe'))).rejects.toThrow(/already exists/);
  expect(readFileSync(at('zoe.evidence.json'), 'utf8')).toBe('precious');
  expect(readFileSync(at('ann.unmingle.json'), 'utf8')).toBe(
    textOf(isCaseIgnored ? 'ANN' : 'ann', isCaseIgnored ? 3 : 1),
  );
});

it('a preset is renamed, deleted and restored under any spelling of its name', async () => {
  await presets.rename(presetName('ANN'), presetName('Zo\u00eb'));
  expect(readdirSync(own).toSorted()).toEqual(['Zo\u00eb.evidence.json', 'Zo\u00eb.unmingle.json']);
  await presets.delete(presetName('zoe\u0308'));
  expect([readdirSync(own), state.current.deletedPresets]).toEqual([[], ['Zo\u00eb']]);
  await presets.restore(presetName('ZO\u00cb'));
  expect(readdirSync(own).toSorted()).toEqual(['Zo\u00eb.evidence.json', 'Zo\u00eb.unmingle.json']);
  expect(state.current.presets.map(({ name }) => name)).toEqual(['Zo\u00eb']);
});
