import type { Check } from '../Check.ts';
import { requireDelayed, requireLoudness, requireSum } from '../expectations.ts';
import { RandomUser } from '../RandomUser.ts';
import { randomSignal } from '../randomSignal.ts';
import { TestBench } from '../TestBench.ts';
import { caseSamples } from '../testLengths.ts';

export const automation: Check = {
  name: 'automation',
  title: 'parameters, economy and suspension turned at random',
  run({ random, scene, options, create }) {
    const user = new RandomUser(random, scene);
    const signal = randomSignal(random, caseSamples(random, scene), scene.plan.sampleRateHertz);
    const bench = new TestBench(scene.speakers.length);
    const plugin = create(scene, options);
    const gentle = bench.run(plugin, signal, user.cut, user.turn);
    requireDelayed('dry', signal, gentle, plugin.latencySamples);
    requireLoudness(signal, gentle, user.reachSamples);
    requireSum(gentle);
    const wildPlugin = create(scene, options);
    const wild = bench.run(wildPlugin, signal, user.cut, user.turnAll);
    requireDelayed('dry', signal, wild, plugin.latencySamples);
    requireLoudness(signal, wild, user.reachSamples);
    return {};
  },
};
