import type { Check } from '../harness/Check.ts';
import { named } from '../harness/expectations.ts';
import { RandomUser } from '../harness/RandomUser.ts';
import { TestBench } from '../harness/TestBench.ts';
import { Violation } from '../harness/Violation.ts';

/** Largest error of the sum of all outputs for a full-scale impulse, at its position and elsewhere. */
const TOLERANCE = 1e-3;

export const latency: Check = {
  name: 'latency',
  title: 'an impulse arrives after the reported latency',
  run({ random, speakerSet, options, create }) {
    const user = new RandomUser(random, speakerSet);
    const plugin = create(speakerSet, options);
    const bench = new TestBench(speakerSet.speakers.length);
    const position = random.integer(2 * speakerSet.plan.hopSamples) + 10;
    const signal = new Float32Array(position + 2 * plugin.settlingSamples);
    signal[position] = 1;
    const outputs = bench.run(plugin, signal, user.cut);
    const sum = new Float32Array(signal.length);
    for (const [name, output] of named(outputs)) {
      if (name !== 'dry') for (let n = 0; n < sum.length; n++) sum[n]! += output[n]!;
    }
    for (const [name, output] of [
      ['dry', outputs.dry],
      ['the sum of speakers and rest', sum],
    ] as const) {
      const wrong = output.findIndex(
        (sample, n) => Math.abs(sample - (n === position + plugin.latencySamples ? 1 : 0)) > TOLERANCE,
      );
      if (wrong >= 0)
        throw new Violation(
          'latency',
          `${name} of an impulse at ${position} is ${output[wrong]} at ${wrong}, where a latency of ${plugin.latencySamples} is reported`,
        );
    }
    return {};
  },
};
