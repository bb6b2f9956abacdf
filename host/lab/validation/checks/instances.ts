import { MAXIMUM_SPEAKERS } from '../../../../engine/core/limits.ts';
import type { Check } from '../harness/Check.ts';
import { requireEqual } from '../harness/expectations.ts';
import { RandomUser } from '../harness/RandomUser.ts';
import { randomSignal } from '../harness/randomSignal.ts';
import { randomSampleRate, randomSpeakerSet } from '../harness/randomSpeakerSet.ts';
import { TestBench } from '../harness/TestBench.ts';
import { caseSamples } from '../harness/testLengths.ts';

export const instances: Check = {
  name: 'instances',
  title: 'two instances in turn do not affect each other',
  run({ random, speakerSet, options, create }) {
    const user = new RandomUser(random, speakerSet);
    const otherSpeakerSet = randomSpeakerSet(random, randomSampleRate(random));
    const bench = new TestBench(MAXIMUM_SPEAKERS);
    const otherBench = new TestBench(MAXIMUM_SPEAKERS);
    const signal = randomSignal(random, caseSamples(random, speakerSet), speakerSet.plan.sampleRateHertz);
    const noise = randomSignal(random, 8192, otherSpeakerSet.plan.sampleRateHertz);
    const alone = bench.run(create(speakerSet, options), signal, user.cut);
    const other = create(otherSpeakerSet, options);
    const beside = bench.run(create(speakerSet, options), signal, user.cut, () => {
      otherBench.run(other, noise.subarray(0, user.cut()), user.cut);
    });
    requireEqual('instances', 'another instance beside changes the sound', alone, beside);
    return {};
  },
};
