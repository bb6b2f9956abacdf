import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAdaptation } from '../../../engine/model/JointAdaptation.ts';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { PresetLibrary, presetFolders } from '../../../host/library/PresetLibrary.ts';
import type { AdaptationState } from '../../../host/protocol/LiveState.ts';
import { randomPreset } from '../../engine/syntheticVoice.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

// The built ones: threads start from files.
const builtLibrary = '../../../dist/host/library/AdaptationLibrary.js';
const builtAdapter = '../../../dist/host/session/BackgroundAdaptation.js';
const { AdaptationLibrary }: typeof import('../../../host/library/AdaptationLibrary.ts') = await import(builtLibrary);
const { BackgroundAdaptation }: typeof import('../../../host/session/BackgroundAdaptation.ts') = await import(
  builtAdapter
);

const own = join(temporaryFolder(), 'own');
mkdirSync(own);
const { bundled } = presetFolders();
for (const [name, voice] of [
  ['ann', 'synthetic-female'],
  ['bob', 'synthetic-male'],
] as const) {
  writeFileSync(join(own, `${name}.unmingle.json`), serializePreset(randomPreset(name, 4, name.charCodeAt(0))));
  copyFileSync(join(bundled, `${voice}.evidence.json`), join(own, `${name}.evidence.json`));
}

function createAdapter() {
  const states: AdaptationState[] = [];
  const remarks: string[] = [];
  let ready = () => {};
  const isReady = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const adapter = new BackgroundAdaptation(new AdaptationLibrary(new PresetLibrary({ bundled, own })), {
    onState: (state) => states.push(state),
    onReady: () => ready(),
    onNotice: (text) => remarks.push(text),
  });
  return { adapter, states, remarks, isReady };
}

test('what is given up is not learnt: no state and no scene comes of it', async () => {
  const { adapter, states, remarks } = createAdapter();
  await adapter.prepare(['ann', 'bob']);
  await adapter.prepare(['ann']);
  const told = states.length;
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(states).toHaveLength(told);
  expect(states.at(-1)).toEqual({ phase: 'none', progress: 0, reason: null });
  expect(remarks).toEqual([]);
});

test('voices are loaded as they are, learnt, and then loaded adapted; the next time at once', async () => {
  const { adapter, states, remarks, isReady } = createAdapter();
  const first = await adapter.prepare(['ann', 'bob']);
  expect(first.presets).toHaveLength(2);
  expect(first.adaptation).toBeNull();
  // Another window meanwhile does not start it again.
  await adapter.prepare(['ann', 'bob']);
  await isReady;
  const progress = states.filter(({ phase }) => phase === 'learning').map((state) => state.progress);
  expect(progress.length).toBeGreaterThan(5);
  expect(progress).toEqual(progress.toSorted((one, other) => one - other));
  const { adaptation } = await adapter.prepare(['ann', 'bob']);
  expect(parseAdaptation(adaptation!.text, adaptation!.key).logGains).toHaveLength(2);
  expect(states.at(-1)).toEqual({ phase: 'adapted', progress: 0, reason: null });
  expect(remarks).toEqual([]);
  expect((await createAdapter().adapter.prepare(['ann', 'bob'])).adaptation).toEqual(adaptation);
});

test('it is told why voices stay as they are', async () => {
  const { adapter, states } = createAdapter();
  await adapter.prepare(['ann', 'ann']);
  expect(states).toEqual([{ phase: 'none', progress: 0, reason: 'two of the speakers are the same voice' }]);
});
