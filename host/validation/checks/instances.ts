import { MAXIMUM_SPEAKERS } from '../../../engine/separator/Scene.ts';
import type { Check } from '../Check.ts';
import { requireEqual } from '../expectations.ts';
import { RandomUser } from '../RandomUser.ts';
import { randomSampleRate, randomScene } from '../randomScene.ts';
import { randomSignal } from '../randomSignal.ts';
import { TestBench } from '../TestBench.ts';
import { caseSamples } from '../testLengths.ts';

export const instances: Check = {
  name: 'instances',
  title: 'two instances side by side know nothing of each other',
  run({ random, scene, options, create }) {
    const user = new RandomUser(random, scene);
    const otherScene = randomScene(random, randomSampleRate(random));
    const bench = new TestBench(MAXIMUM_SPEAKERS);
    const otherBench = new TestBench(MAXIMUM_SPEAKERS);
    const signal = randomSignal(random, caseSamples(random, scene), scene.plan.sampleRateHertz);
    const noise = randomSignal(random, 8192, otherScene.plan.sampleRateHertz);
    const alone = bench.run(create(scene, options), signal, user.cut);
    const other = create(otherScene, options);
    const beside = bench.run(create(scene, options), signal, user.cut, () => {
      otherBench.run(other, noise.subarray(0, user.cut()), user.cut);
    });
    requireEqual('instances', 'another instance beside changes the sound', alone, beside);
    return {};
  },
};
