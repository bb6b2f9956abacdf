import type { Check } from '../harness/Check.ts';
import { named, requireDelayed, requireSum } from '../harness/expectations.ts';
import { RandomUser } from '../harness/RandomUser.ts';
import { hostileSignal, randomSignal } from '../harness/randomSignal.ts';
import { TestBench } from '../harness/TestBench.ts';
import { caseSamples } from '../harness/testLengths.ts';
import { Violation } from '../harness/Violation.ts';

/** Samples above it, 120 dB over full scale, count as invalid. */
const LOUDEST = 1e6;

export const invalidInput: Check = {
  name: 'invalid-input',
  title: 'NaN, infinities, overflow and denormals are counted and leave no trace',
  run({ random, speakerSet, options, create }) {
    const user = new RandomUser(random, speakerSet);
    const bench = new TestBench(speakerSet.speakers.length);
    const plugin = create(speakerSet, options);
    const hostile = hostileSignal(random, caseSamples(random, speakerSet));
    bench.run(plugin, hostile, user.cut);
    const invalid = hostile.reduce((count, sample) => count + (Math.abs(sample) <= LOUDEST ? 0 : 1), 0);
    if (plugin.telemetry.invalidSamples !== invalid)
      throw new Violation(
        'invalid-input',
        `${plugin.telemetry.invalidSamples} samples were counted as invalid, of ${invalid}`,
      );
    const settling = plugin.settlingSamples;
    const signal = randomSignal(random, settling + caseSamples(random, speakerSet), speakerSet.plan.sampleRateHertz);
    signal.fill(0, signal.length - settling);
    const healed = bench.run(plugin, signal, user.cut);
    requireDelayed('dry', signal, healed, plugin.latencySamples, settling);
    requireSum(healed, settling);
    const silent = bench.run(plugin, new Float32Array(settling), user.cut);
    for (const [name, output] of named(silent)) {
      if (output.some((sample) => sample !== 0))
        throw new Violation('invalid-input', `${name} is not silent after ${settling} samples of silence`);
    }
    return {};
  },
};
