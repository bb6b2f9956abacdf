import { MAXIMUM_SPEAKERS } from '../../../../engine/core/limits.ts';
import type { Check } from '../harness/Check.ts';
import { requireEqual } from '../harness/expectations.ts';
import { RandomUser } from '../harness/RandomUser.ts';
import { randomSignal } from '../harness/randomSignal.ts';
import { randomSpeakerSet } from '../harness/randomSpeakerSet.ts';
import { TestBench } from '../harness/TestBench.ts';
import { caseSamples } from '../harness/testLengths.ts';

export const state: Check = {
  name: 'state',
  title: 'output after a restored state is bit-identical, also during a swap',
  run({ random, speakerSet, options, create }) {
    const user = new RandomUser(random, speakerSet);
    const { sampleRateHertz } = speakerSet.plan;
    const bench = new TestBench(MAXIMUM_SPEAKERS);
    const plugin = create(speakerSet, options);
    const before = randomSignal(random, caseSamples(random, speakerSet), sampleRateHertz);
    bench.run(plugin, before, user.cut, user.turnAndSwap);
    // The state must survive serialization.
    const saved = structuredClone(plugin.saveState());
    const signal = randomSignal(random, caseSamples(random, speakerSet), sampleRateHertz);
    const expected = bench.run(plugin, signal, user.cut);
    const other = create(randomSpeakerSet(random, sampleRateHertz), options);
    bench.run(other, before, user.cut);
    for (const each of [other, plugin]) {
      each.restoreState(saved);
      const what = each === plugin ? 'restored in its own past' : 'restored in another instance';
      requireEqual('state', what, expected, bench.run(each, signal, user.cut));
    }
    return {};
  },
};
