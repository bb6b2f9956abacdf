import type { Check } from '../Check.ts';
import { named, requireDelayed, requireEqual, requireLoudness, requireSum } from '../expectations.ts';
import { RandomUser } from '../RandomUser.ts';
import { randomSignal } from '../randomSignal.ts';
import { TestBench } from '../TestBench.ts';
import { caseSamples } from '../testLengths.ts';
import { Violation } from '../Violation.ts';

export const blocks: Check = {
  name: 'blocks',
  title: 'blocks of 1 to 8192 that change every call',
  run({ random, scene, options, create }) {
    const user = new RandomUser(random, scene);
    const { sampleRateHertz } = scene.plan;
    const signal = randomSignal(random, caseSamples(random, scene), sampleRateHertz);
    // One output more than there are speakers: it must be silent.
    const bench = new TestBench(scene.speakers.length + 1);
    const plugin = create(scene, options);
    const one = bench.run(plugin, signal, user.cut);
    requireEqual(
      'same-for-any-blocks',
      'other blocks give other sound',
      one,
      bench.run(create(scene, options), signal, () => 1024),
    );
    requireDelayed('dry', signal, one, plugin.latencySamples);
    requireLoudness(signal, one, user.reachSamples);
    requireSum(one);
    const spare = named(one)[scene.speakers.length]![1];
    if (spare.some((sample) => sample !== 0)) throw new Violation('sum', 'an output without a speaker is not silent');
    if (plugin.telemetry.invalidSamples > 0)
      throw new Violation(
        'clean-input',
        `${plugin.telemetry.invalidSamples} samples were called invalid, of none: was more read than the block?`,
      );
    return {};
  },
};
