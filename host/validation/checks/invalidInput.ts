import type { Check } from '../Check.ts';
import { named, requireDelayed, requireSum } from '../expectations.ts';
import { RandomUser } from '../RandomUser.ts';
import { hostileSignal, randomSignal } from '../randomSignal.ts';
import { TestBench } from '../TestBench.ts';
import { caseSamples } from '../testLengths.ts';
import { Violation } from '../Violation.ts';

/** Louder than 120 dB over full scale is no sound. */
const LOUDEST = 1e6;

export const invalidInput: Check = {
  name: 'invalid-input',
  title: 'NaN, infinities, overflow and denormals in: counted, and healed from',
  run({ random, scene, options, create }) {
    const user = new RandomUser(random, scene);
    const bench = new TestBench(scene.speakers.length);
    const plugin = create(scene, options);
    const hostile = hostileSignal(random, caseSamples(random, scene));
    bench.run(plugin, hostile, user.cut);
    const invalid = hostile.reduce((count, sample) => count + (Math.abs(sample) <= LOUDEST ? 0 : 1), 0);
    if (plugin.telemetry.invalidSamples !== invalid)
      throw new Violation(
        'invalid-input',
        `${plugin.telemetry.invalidSamples} samples were counted as invalid, of ${invalid}`,
      );
    const settling = plugin.settlingSamples;
    const signal = randomSignal(random, settling + caseSamples(random, scene), scene.plan.sampleRateHertz);
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
