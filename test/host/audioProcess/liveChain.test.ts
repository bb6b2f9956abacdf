import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { HEAVY, LIGHT, LiveChain, type LiveChainOptions, STOLEN } from './LiveChain.ts';

const RATES_HERTZ = [8000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000];
/** Lengths that are no multiple of a hop, and 1024, which is longer than any block that is asked for. */
const BLOCKS = [32, 104, 441, 1024];
/** After the rehearsal of 0.5 s and the fade-in. */
const START_SECONDS = 0.6;
/** Delay that an overload may leave behind; a larger surplus is cut at once. */
const LARGEST_SURPLUS_SECONDS = 0.02;

/** Plays `blocks` device blocks, and at least 30 ms. */
function listen(chain: LiveChain, { blockSamples, outputRateHertz, rateHertz }: LiveChainOptions, blocks = 2): void {
  chain.listen(Math.max(0.03, (blocks * blockSamples) / (outputRateHertz ?? rateHertz)));
}

/** The output is the input, delayed by the reported latency. @param samples largest difference of the latency, in input samples */
function expectDelayedInput(
  chain: LiveChain,
  { rateHertz }: LiveChainOptions,
  samples: number,
  largestError: number,
): void {
  const { totalSeconds } = chain.status().latency;
  const error = Math.min(
    ...[-1, -0.5, 0, 0.5, 1].map((offset) => chain.errorAt(totalSeconds + (offset * samples) / rateHertz)),
  );
  expect(error).toBeLessThan(largestError);
  // No other latency fits as well.
  for (const offset of [-3, 3])
    expect(chain.errorAt(totalSeconds + (offset * samples) / rateHertz)).toBeGreaterThan(error);
}

function expectNoUnderrun(chain: LiveChain): void {
  const { inputGaps, outputGaps, dryFallbacks, shortenings, overloads } = chain.status().counters;
  expect({ inputGaps, outputGaps, dryFallbacks, shortenings, overloads }).toEqual({
    inputGaps: 0,
    outputGaps: 0,
    dryFallbacks: 0,
    shortenings: 0,
    overloads: 0,
  });
}

describe('the live chain', () => {
  // One duplex device and two devices on their own take turns, so that each rate and each block meets both.
  const cases = RATES_HERTZ.flatMap((rateHertz, r) =>
    BLOCKS.map((blockSamples, b) => ({ rateHertz, blockSamples, isDuplex: (r + b) % 2 === 0 })),
  );
  it.each(cases)(
    'sums to the delayed input, with the reported latency and no underrun: $rateHertz Hz, blocks of $blockSamples, duplex $isDuplex',
    (options) => {
      const chain = new LiveChain(options);
      // Two devices on their own start late: no part of a block is their common time.
      chain.run(START_SECONDS + (4 * options.blockSamples) / options.rateHertz);
      listen(chain, options);
      expectNoUnderrun(chain);
      const { totalSeconds } = chain.status().latency;
      expect(chain.errorAt(totalSeconds)).toBeLessThan(1e-3);
      for (const samples of [-1, 1])
        expect(chain.errorAt(totalSeconds + samples / options.rateHertz)).toBeGreaterThan(5e-3);
    },
  );

  it.each([
    { rateHertz: 48_000, outputRateHertz: 44_100, blockSamples: 256 },
    { rateHertz: 44_100, outputRateHertz: 48_000, blockSamples: 32 },
    { rateHertz: 16_000, outputRateHertz: 48_000, blockSamples: 441 },
    { rateHertz: 48_000, outputRateHertz: 16_000, blockSamples: 104 },
  ])('plays at another rate, with the reported latency: $rateHertz to $outputRateHertz Hz', (rates) => {
    const options = { ...rates, isDuplex: false };
    const chain = new LiveChain(options);
    chain.run(START_SECONDS + (4 * options.blockSamples) / options.outputRateHertz);
    listen(chain, options);
    expectNoUnderrun(chain);
    expectDelayedInput(chain, options, 1, 0.05);
  });

  it.each([
    { rateHertz: 8000, blockSamples: 32, driftPpm: 200 },
    { rateHertz: 8000, blockSamples: 441, driftPpm: -200 },
    { rateHertz: 11_025, blockSamples: 1024, driftPpm: 200 },
    { rateHertz: 16_000, blockSamples: 104, driftPpm: -200 },
  ])(
    'follows two clocks that differ, without an underrun: $rateHertz Hz, blocks of $blockSamples, $driftPpm ppm',
    (clocks) => {
      const options = { ...clocks, isDuplex: false, speakers: 0 as const };
      const chain = new LiveChain(options);
      chain.run(START_SECONDS + (4 * options.blockSamples) / options.rateHertz);
      const { totalSeconds } = chain.status().latency;
      chain.run(40);
      listen(chain, options, 1);
      expectNoUnderrun(chain);
      const { driftPpm, latency } = chain.status();
      expect(Math.abs(driftPpm + options.driftPpm)).toBeLessThan(40);
      // Not more than was needed to find the drift.
      expect(Math.abs(latency.totalSeconds - totalSeconds)).toBeLessThan(0.003);
      expectDelayedInput(chain, options, 1, 0.2);
    },
  );

  it.each([
    { rateHertz: 8000, blockSamples: 104, loads: HEAVY },
    { rateHertz: 11_025, blockSamples: 441, loads: STOLEN },
    { rateHertz: 48_000, blockSamples: 192, loads: HEAVY },
    { rateHertz: 48_000, blockSamples: 1024, loads: STOLEN },
  ])(
    'plays the delayed input under overload and returns to the voices: $rateHertz Hz, blocks of $blockSamples',
    ({ loads, ...options }) => {
      const chain = new LiveChain(options);
      // A new engine may be slow for 2 s.
      chain.run(2.2);
      const { totalSeconds } = chain.status().latency;
      chain.loads = loads;
      for (let part = 0; part < 16 && chain.status().overload !== 'bypass'; part++) {
        chain.run(0.25);
        expect(chain.status().latency.totalSeconds).toBeLessThan(totalSeconds + LARGEST_SURPLUS_SECONDS);
      }
      expect(chain.status().overload).toBe('bypass');
      chain.loads = LIGHT;
      chain.run(6);
      const { overload, latency, counters } = chain.status();
      expect(overload).toBe('none');
      expect(counters.outputGaps).toBe(0);
      expect(latency.totalSeconds).toBeLessThan(totalSeconds + LARGEST_SURPLUS_SECONDS);
      // The engine plays again, not the dry fallback.
      listen(chain, options);
      expect(chain.status().counters.dryFallbackSamples).toBe(counters.dryFallbackSamples);
      expect(chain.errorAt(latency.totalSeconds)).toBeLessThan(1e-3);
    },
  );

  it('bridges late input blocks without an underrun, up to half a block', () => {
    const options = { rateHertz: 16_000, blockSamples: 64, isDuplex: false, jitterSeconds: 0.002 };
    const chain = new LiveChain(options);
    chain.run(4);
    expectNoUnderrun(chain);
  });

  it('keeps its memory', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const chain = new LiveChain({ rateHertz: 16_000, blockSamples: 441, isDuplex: false, driftPpm: 50 });
    const measure = () => {
      collect();
      const { heapUsed, arrayBuffers, external } = process.memoryUsage();
      return { heapUsed, arrayBuffers, external };
    };
    chain.run(4);
    const before = measure();
    chain.run(8);
    const after = measure();
    expect(after.arrayBuffers).toBeLessThanOrEqual(before.arrayBuffers);
    expect(after.external).toBeLessThanOrEqual(before.external + 1000);
    expect(after.heapUsed).toBeLessThan(before.heapUsed + 200_000);
  });
});
