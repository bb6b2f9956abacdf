import { MAXIMUM_SPEAKERS } from '../../../engine/separator/Scene.ts';
import type { Check } from '../Check.ts';
import { requireEqual } from '../expectations.ts';
import { RandomUser } from '../RandomUser.ts';
import { randomScene } from '../randomScene.ts';
import { randomSignal } from '../randomSignal.ts';
import { TestBench } from '../TestBench.ts';
import { caseSamples } from '../testLengths.ts';

export const state: Check = {
  name: 'state',
  title: 'saved and restored, it goes on bit by bit, also while it swaps',
  run({ random, scene, options, create }) {
    const user = new RandomUser(random, scene);
    const { sampleRateHertz } = scene.plan;
    const bench = new TestBench(MAXIMUM_SPEAKERS);
    const plugin = create(scene, options);
    const before = randomSignal(random, caseSamples(random, scene), sampleRateHertz);
    bench.run(plugin, before, user.cut, user.turnAndSwap);
    // Plain data: it may have been on a disk or in another thread.
    const saved = structuredClone(plugin.saveState());
    const signal = randomSignal(random, caseSamples(random, scene), sampleRateHertz);
    const expected = bench.run(plugin, signal, user.cut);
    const other = create(randomScene(random, sampleRateHertz), options);
    bench.run(other, before, user.cut);
    for (const each of [other, plugin]) {
      each.restoreState(saved);
      const what = each === plugin ? 'restored in its own past' : 'restored in another instance';
      requireEqual('state', what, expected, bench.run(each, signal, user.cut));
    }
    return {};
  },
};
