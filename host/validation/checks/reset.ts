import { MAXIMUM_SPEAKERS } from '../../../engine/separator/Scene.ts';
import type { Check } from '../Check.ts';
import { requireEqual } from '../expectations.ts';
import { RandomUser } from '../RandomUser.ts';
import { hostileSignal, randomSignal } from '../randomSignal.ts';
import { TestBench } from '../TestBench.ts';
import { caseSamples } from '../testLengths.ts';

export const reset: Check = {
  name: 'reset',
  title: 'after reset as new, bit by bit, whatever was before',
  run({ random, scene, options, create }) {
    const user = new RandomUser(random, scene);
    const { sampleRateHertz } = scene.plan;
    const bench = new TestBench(MAXIMUM_SPEAKERS);
    const plugin = create(scene, options);
    bench.run(plugin, randomSignal(random, caseSamples(random, scene), sampleRateHertz), user.cut, user.turnAndSwap);
    bench.run(plugin, hostileSignal(random, 1 + random.integer(5000)), user.cut);
    plugin.setEconomical(false);
    plugin.setSuspended(false);
    plugin.reset();
    const signal = randomSignal(random, caseSamples(random, scene), sampleRateHertz);
    const fresh = create(user.scenes.at(-1)!, { ...options, parameters: user.parameters });
    requireEqual(
      'reset',
      'after reset it is not as new',
      bench.run(fresh, signal, user.cut),
      bench.run(plugin, signal, user.cut),
    );
    return {};
  },
};
