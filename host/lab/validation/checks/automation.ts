import type { Check } from '../harness/Check.ts';
import { requireDelayed, requireLoudness, requireSum } from '../harness/expectations.ts';
import { RandomUser } from '../harness/RandomUser.ts';
import { randomSignal } from '../harness/randomSignal.ts';
import { TestBench } from '../harness/TestBench.ts';
import { caseSamples } from '../harness/testLengths.ts';

export const automation: Check = {
  name: 'automation',
  title: 'random changes of parameters, low-complexity mode and suspension',
  run({ random, speakerSet, options, create }) {
    const user = new RandomUser(random, speakerSet);
    const signal = randomSignal(random, caseSamples(random, speakerSet), speakerSet.plan.sampleRateHertz);
    const bench = new TestBench(speakerSet.speakers.length);
    const plugin = create(speakerSet, options);
    const gentle = bench.run(plugin, signal, user.cut, user.turn);
    requireDelayed('dry', signal, gentle, plugin.latencySamples);
    requireLoudness(signal, gentle, user.reachSamples);
    requireSum(gentle);
    const wildPlugin = create(speakerSet, options);
    const wild = bench.run(wildPlugin, signal, user.cut, user.turnAll);
    requireDelayed('dry', signal, wild, plugin.latencySamples);
    requireLoudness(signal, wild, user.reachSamples);
    return {};
  },
};
