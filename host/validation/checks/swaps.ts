import { MAXIMUM_SPEAKERS } from '../../../engine/separator/Scene.ts';
import { latencySamples } from '../../../engine/stft/StftPlan.ts';
import type { Check } from '../Check.ts';
import { requireDelayed, requireLoudness, requireSum } from '../expectations.ts';
import { RandomUser } from '../RandomUser.ts';
import { randomSignal } from '../randomSignal.ts';
import { TestBench } from '../TestBench.ts';
import { caseSamples } from '../testLengths.ts';
import { Violation } from '../Violation.ts';

/** Time for all swaps to be heard: two scenes may settle and fade one after the other. */
const FADES_SECONDS = 0.11;

export const swaps: Check = {
  name: 'swaps',
  title: 'speakers, windows and latencies swapped in mid-stream',
  run({ random, scene, options, create }) {
    const user = new RandomUser(random, scene);
    const { sampleRateHertz } = scene.plan;
    const bench = new TestBench(MAXIMUM_SPEAKERS);
    const plugin = create(scene, options);
    const signal = randomSignal(random, 2 * caseSamples(random, scene), sampleRateHertz);
    // Blocks of some milliseconds, so that there are many to swap in.
    const cut = () => Math.min(user.cut(), Math.ceil(0.02 * sampleRateHertz));
    requireLoudness(signal, bench.run(plugin, signal, cut, user.turnAndSwap), user.reachSamples);
    plugin.setSuspended(false);
    plugin.setParameters({ maskFloor: 0 });
    const waiting = Math.ceil(FADES_SECONDS * sampleRateHertz) + 3 * user.reachSamples;
    const after = randomSignal(random, 2 * waiting, sampleRateHertz);
    const heard = bench.run(plugin, after, user.cut);
    const newest = user.scenes.at(-1)!;
    if (plugin.isSwapping) throw new Violation('swap-ends', `a swap is not over after ${2 * waiting} samples`);
    if (plugin.speakers !== newest.speakers.length || plugin.latencySamples !== latencySamples(newest.plan))
      throw new Violation('swap-ends', 'after all swaps speakers or latency are not those of the newest scene');
    requireDelayed('dry', after, heard, plugin.latencySamples, waiting);
    requireSum(heard, waiting);
    return {};
  },
};
