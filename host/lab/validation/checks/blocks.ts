import type { Check } from '../harness/Check.ts';
import { named, requireDelayed, requireEqual, requireLoudness, requireSum } from '../harness/expectations.ts';
import { RandomUser } from '../harness/RandomUser.ts';
import { randomSignal } from '../harness/randomSignal.ts';
import { TestBench } from '../harness/TestBench.ts';
import { caseSamples } from '../harness/testLengths.ts';
import { Violation } from '../harness/Violation.ts';

export const blocks: Check = {
  name: 'blocks',
  title: 'blocks of 1 to 8192 samples, a different size at each call',
  run({ random, speakerSet, options, create }) {
    const user = new RandomUser(random, speakerSet);
    const { sampleRateHertz } = speakerSet.plan;
    const signal = randomSignal(random, caseSamples(random, speakerSet), sampleRateHertz);
    // One output more than speakers: it must be silent.
    const bench = new TestBench(speakerSet.speakers.length + 1);
    const plugin = create(speakerSet, options);
    const one = bench.run(plugin, signal, user.cut);
    requireEqual(
      'same-for-any-blocks',
      'other blocks give other sound',
      one,
      bench.run(create(speakerSet, options), signal, () => 1024),
    );
    requireDelayed('dry', signal, one, plugin.latencySamples);
    requireLoudness(signal, one, user.reachSamples);
    requireSum(one);
    const spare = named(one)[speakerSet.speakers.length]![1];
    if (spare.some((sample) => sample !== 0)) throw new Violation('sum', 'an output without a speaker is not silent');
    if (plugin.telemetry.invalidSamples > 0)
      throw new Violation(
        'clean-input',
        `${plugin.telemetry.invalidSamples} samples were called invalid, of none: was more read than the block?`,
      );
    return {};
  },
};
