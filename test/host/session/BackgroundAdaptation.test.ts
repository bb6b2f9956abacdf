import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstValueFrom, last, Subject, take } from 'rxjs';
import { expect, test } from 'vitest';
import { serializeAdaptation } from '../../../engine/model/JointAdaptation.ts';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { presetName } from '../../../engine/model/PresetName.ts';
import { PresetLibrary, presetFolders } from '../../../host/library/PresetLibrary.ts';
import type { AdaptationState } from '../../../host/protocol/LiveState.ts';
import { randomPreset } from '../../engine/syntheticVoice.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

// Imported from the build, because worker threads start from files.
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
  const library = new PresetLibrary({ bundled, own });
  const adaptations = new AdaptationLibrary(library);
  const states: AdaptationState[] = [];
  const notices: string[] = [];
  const ready = new Subject<void>();
  const isReadyFor = [1, 2, 3].map((count) => firstValueFrom(ready.pipe(take(count), last())));
  const adapter = new BackgroundAdaptation(adaptations, {
    onState: (state) => states.push(state),
    onReady: () => ready.next(),
    onNotice: (text) => notices.push(text),
  });
  const prepare = async (...names: string[]) => {
    const files = await Promise.all(names.map((name) => library.byName(presetName(name))));
    return adapter.prepare(await adaptations.source(files));
  };
  return { prepare, states, notices, isReadyFor };
}

test('a cancelled adaptation publishes no further state and is not kept', async () => {
  const { prepare, states, notices } = createAdapter();
  await prepare('ann', 'bob');
  await prepare('ann');
  const published = states.length;
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(states).toHaveLength(published);
  expect(states.at(-1)).toEqual({ phase: 'none', progress: 0, reason: null });
  expect(notices).toEqual([]);
});

test('speakers are loaded unadapted, with early gains, final ones, then with their network too; the next session finds it', async () => {
  const { prepare, states, notices, isReadyFor } = createAdapter();
  expect(await prepare('ann', 'bob')).toBeNull();
  // Loading the same speakers again, for example for another window, does not restart learning.
  await prepare('ann', 'bob');
  await isReadyFor[0];
  const early = await prepare('ann', 'bob');
  await isReadyFor[1];
  const gains = await prepare('ann', 'bob');
  for (const adaptation of [early, gains]) expect(adaptation!.network).toBeUndefined();
  expect(early!.logGains).not.toEqual(gains!.logGains);
  expect(states.at(-1)!.phase).toBe('learning');
  await isReadyFor[2];
  const progress = states.filter(({ phase }) => phase === 'learning').map((state) => state.progress);
  expect(progress.length).toBeGreaterThan(5);
  expect(progress).toEqual(progress.toSorted((one, other) => one - other));
  const adaptation = await prepare('ann', 'bob');
  expect(adaptation!.logGains).toEqual(gains!.logGains);
  expect(adaptation!.network).toBeDefined();
  expect(states.at(-1)).toEqual({ phase: 'adapted', progress: 0, reason: null });
  expect(notices).toEqual([]);
  expect(await createAdapter().prepare('ann', 'bob')).toEqual(adaptation);
});

test('an adaptation that cannot be written is learnt once and used for the rest of the session', async () => {
  const source = { presets: [], key: 'key', adaptable: { evidence: [], persistence: 0 }, reason: null };
  const adaptation = { frequenciesHertz: new Float64Array(1), logGains: [] };
  let learnt = 0;
  const unwritable = {
    find: async () => null,
    adapt: async () => {
      learnt++;
      return { adaptation, text: '' };
    },
  };
  await new Promise<void>((resolve) => {
    const adapter = new BackgroundAdaptation(unwritable, {
      onState: () => {},
      onReady: async () => {
        expect(await adapter.prepare(source)).toBe(adaptation);
        resolve();
      },
      onNotice: () => {},
    });
    void adapter.prepare(source);
  });
  expect(learnt).toBe(1);
});

test('gains stay in use if the network cannot be learnt', async () => {
  const source = { presets: [], key: 'a'.repeat(64), adaptable: { evidence: [], persistence: 0 }, reason: null };
  const gains = { frequenciesHertz: Float64Array.of(0, 8000), logGains: [new Float32Array(2), new Float32Array(2)] };
  const states: AdaptationState[] = [];
  const notices: string[] = [];
  const failing = {
    find: async () => null,
    adapt: async (_: unknown, { onGains }: { onGains?: (text: string) => void }) => {
      onGains!(serializeAdaptation(gains, source.key));
      throw new Error('the thread has ended');
    },
  };
  const listener = { onState: (state: AdaptationState) => states.push(state), onReady: () => {} };
  const adapter = new BackgroundAdaptation(failing, { ...listener, onNotice: (text) => notices.push(text) });
  expect(await adapter.prepare(source)).toBeNull();
  await expect.poll(() => states.at(-1)?.phase).toBe('adapted');
  expect((await adapter.prepare(source))!.logGains).toEqual(gains.logGains);
  expect(notices).toEqual(['the speakers are adapted to each other without a mask network: the thread has ended']);
});

test('the state gives the reason why speakers are not adapted', async () => {
  const { prepare, states } = createAdapter();
  await prepare('ann', 'ann');
  expect(states).toEqual([{ phase: 'none', progress: 0, reason: 'two of the speakers are the same voice' }]);
});
