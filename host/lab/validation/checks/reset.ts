import { MAXIMUM_SPEAKERS } from '../../../../engine/core/limits.ts';
import type { Check } from '../harness/Check.ts';
import { requireEqual } from '../harness/expectations.ts';
import { RandomUser } from '../harness/RandomUser.ts';
import { hostileSignal, randomSignal } from '../harness/randomSignal.ts';
import { TestBench } from '../harness/TestBench.ts';
import { caseSamples } from '../harness/testLengths.ts';

export const reset: Check = {
  name: 'reset',
  title: 'after reset, output is bit-identical to that of a new instance',
  run({ random, speakerSet, options, create }) {
    const user = new RandomUser(random, speakerSet);
    const { sampleRateHertz } = speakerSet.plan;
    const bench = new TestBench(MAXIMUM_SPEAKERS);
    const plugin = create(speakerSet, options);
    bench.run(
      plugin,
      randomSignal(random, caseSamples(random, speakerSet), sampleRateHertz),
      user.cut,
      user.turnAndSwap,
    );
    bench.run(plugin, hostileSignal(random, 1 + random.integer(5000)), user.cut);
    plugin.setLowComplexity(false);
    plugin.setSuspended(false);
    plugin.reset();
    const signal = randomSignal(random, caseSamples(random, speakerSet), sampleRateHertz);
    const fresh = create(user.speakerSets.at(-1)!, { ...options, parameters: user.parameters });
    requireEqual(
      'reset',
      'after reset it is not as new',
      bench.run(fresh, signal, user.cut),
      bench.run(plugin, signal, user.cut),
    );
    return {};
  },
};
