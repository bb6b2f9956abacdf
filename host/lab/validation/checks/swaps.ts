import { MAXIMUM_SPEAKERS } from '../../../../engine/core/limits.ts';
import { latencySamples } from '../../../../engine/stft/StftPlan.ts';
import type { Check } from '../harness/Check.ts';
import { requireDelayed, requireLoudness, requireSum } from '../harness/expectations.ts';
import { RandomUser } from '../harness/RandomUser.ts';
import { randomSignal } from '../harness/randomSignal.ts';
import { TestBench } from '../harness/TestBench.ts';
import { caseSamples } from '../harness/testLengths.ts';
import { Violation } from '../harness/Violation.ts';

/** Time for all swaps to finish: two speaker sets, of up to 40 MB each, may be copied and fade one after the other. */
const LONGEST_SWAPS_SECONDS = 4;
const STEP_SECONDS = 0.05;

export const swaps: Check = {
  name: 'swaps',
  title: 'speakers, windows and latencies swapped while processing',
  run({ random, speakerSet, options, create }) {
    const user = new RandomUser(random, speakerSet);
    const { sampleRateHertz } = speakerSet.plan;
    const bench = new TestBench(MAXIMUM_SPEAKERS);
    const plugin = create(speakerSet, options);
    const signal = randomSignal(random, 2 * caseSamples(random, speakerSet), sampleRateHertz);
    // Short blocks, so that there are many opportunities to swap.
    const cut = () => Math.min(user.cut(), Math.ceil(0.02 * sampleRateHertz));
    requireLoudness(signal, bench.run(plugin, signal, cut, user.turnAndSwap), user.reachSamples);
    plugin.setSuspended(false);
    plugin.setParameters({ maskFloor: 0 });
    const step = Math.ceil(STEP_SECONDS * sampleRateHertz);
    for (let seconds = 0; plugin.isSwapping; seconds += STEP_SECONDS) {
      if (seconds > LONGEST_SWAPS_SECONDS)
        throw new Violation('swap-ends', `a swap has not finished after ${LONGEST_SWAPS_SECONDS} s`);
      bench.run(plugin, randomSignal(random, step, sampleRateHertz), cut);
    }
    const newest = user.speakerSets.at(-1);
    const settling = 3 * user.reachSamples;
    const after = randomSignal(random, 2 * settling, sampleRateHertz);
    const heard = bench.run(plugin, after, user.cut);
    if (
      newest === undefined ||
      plugin.speakers !== newest.speakers.length ||
      plugin.latencySamples !== latencySamples(newest.plan)
    )
      throw new Violation(
        'swap-ends',
        'after all swaps, speakers or latency differ from those of the newest speaker set',
      );
    requireDelayed('dry', after, heard, plugin.latencySamples, settling);
    requireSum(heard, settling);
    return {};
  },
};
