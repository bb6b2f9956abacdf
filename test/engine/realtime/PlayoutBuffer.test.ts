import { describe, expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { SampleRing } from '../../../engine/core/SampleRing.ts';
import { PlayoutBuffer, type PlayoutBufferOptions } from '../../../engine/realtime/PlayoutBuffer.ts';

const RATE = 48_000;
const BLOCK = 256;
const sine = (n: number) => 0.5 * Math.sin((2 * Math.PI * 440 * n) / RATE);

interface Bench {
  readonly port: PlayoutBuffer;
  readonly ring: SampleRing;
  readonly output: number[];
  /** Lets the engine write and the device read for some time; clocks and jitter as told, the engine late (or early) from now on. */
  run(seconds: number, options?: { drift?: number; jitterBlocks?: number; lateSeconds?: number }): void;
}

function bench(options: Partial<PlayoutBufferOptions> = {}): Bench {
  const ring = new SampleRing(SampleRing.allocate(RATE));
  const settings = {
    engineRateHertz: RATE,
    deviceRateHertz: RATE,
    channels: 2,
    isSynchronous: false,
    reserveSamples: 256,
    inputBlockSamples: () => BLOCK,
    delayAt: (position: number) => written - position + (deviceTime - latestTime) * RATE,
  };
  const port = new PlayoutBuffer(ring, { ...settings, ...options });
  const output: number[] = [];
  const random = new Random(1);
  let written = 0;
  let [engineTime, latestTime, deviceTime] = [0, 0, 0];
  const block = new Float32Array(BLOCK);
  const frames = new Float32Array(2 * BLOCK);
  return {
    port,
    ring,
    output,
    run(seconds, { drift = 0, jitterBlocks = 0, lateSeconds = 0 } = {}) {
      const end = deviceTime + seconds;
      engineTime += lateSeconds;
      while (deviceTime < end) {
        const late = jitterBlocks * random.uniform() * (BLOCK / RATE);
        while (engineTime + late <= deviceTime) {
          for (let n = 0; n < BLOCK; n++) block[n] = sine(written + n);
          written += ring.write(block, 0, BLOCK);
          latestTime = engineTime + late;
          engineTime += BLOCK / RATE;
        }
        port.read(frames, BLOCK, 0);
        for (let n = 0; n < BLOCK; n++) output.push(frames[2 * n]!);
        deviceTime += BLOCK / (RATE * (1 + drift));
      }
    },
  };
}

const largestStep = (signal: readonly number[]) =>
  signal.reduce((largest, value, n) => (n === 0 ? 0 : Math.max(largest, Math.abs(value - signal[n - 1]!))), 0);

describe('PlayoutBuffer', () => {
  it('passes samples unchanged to both channels while the clocks agree', () => {
    const { run, output, port } = bench();
    run(5, { jitterBlocks: 0.8 });
    expect(port.counters).toEqual({
      gaps: 0,
      lostSamples: 0,
      shortenings: 0,
      shortenedSamples: 0,
      dryFallbacks: 0,
      dryFallbackSamples: 0,
    });
    expect(port.driftPpm).toBe(0);
    const first = output.findIndex((value) => value !== 0);
    const tail = output.slice(first + 1000);
    // A sine that passes unchanged obeys its own recurrence.
    const c = 2 * Math.cos((2 * Math.PI * 440) / RATE);
    for (let n = 2; n < tail.length; n++)
      expect(Math.abs(tail[n]! - c * tail[n - 1]! + tail[n - 2]!)).toBeLessThan(1e-6);
  });

  it.each([100e-6, -300e-6])(
    'follows a drift of %f without a gap, a cut or a click',
    (drift) => {
      const { run, output, port } = bench({ reserveSamples: 512 });
      run(90, { drift });
      expect(port.counters.gaps).toBe(0);
      // The fill is known to a block only, so that the correction goes to and fro a little: its mean is the drift.
      let ppm = 0;
      let [least, most] = [Number.POSITIVE_INFINITY, 0];
      for (let second = 0; second < 60; second++) {
        run(1, { drift });
        ppm += port.driftPpm / 60;
        least = Math.min(least, port.averageDelaySamples);
        most = Math.max(most, port.averageDelaySamples);
      }
      expect(most - least).toBeLessThan(2 * BLOCK);
      expect(ppm / (-drift * 1e6)).toBeGreaterThan(0.8);
      expect(ppm / (-drift * 1e6)).toBeLessThan(1.2);
      expect(largestStep(output.slice(5000))).toBeLessThan(0.5 * ((2 * Math.PI * 440) / RATE) * 1.02);
    },
    60_000,
  );

  it('cuts a queue that has grown at once, without a click', () => {
    const { run, port, output } = bench();
    run(1);
    const fill = port.averageDelaySamples;
    run(0.5, { lateSeconds: -0.1 });
    expect(port.counters.shortenings).toBe(1);
    expect(port.counters.shortenedSamples).toBeGreaterThan(4000);
    run(1);
    expect(port.averageDelaySamples).toBeLessThan(fill + 1.5 * BLOCK);
    expect(largestStep(output.slice(2000))).toBeLessThan(0.06);
  });

  it('counts and fades a gap, raises the target fill, and does not keep the delay of late sound', () => {
    const { run, port, output } = bench();
    run(1);
    // What a stalled engine has missed it catches up with; the device has played silence meanwhile.
    run(0.05, { lateSeconds: 0.05 });
    run(2, { lateSeconds: -0.05 });
    expect(port.counters.gaps).toBe(1);
    expect(port.counters.lostSamples / RATE).toBeGreaterThan(0.045);
    expect(port.counters.lostSamples / RATE).toBeLessThan(0.075);
    expect(largestStep(output)).toBeLessThan(0.06);
    expect(port.averageDelaySamples).toBeLessThan(4 * BLOCK);
  });

  it('resamples to another device rate', () => {
    const { run, port, ring } = bench({ engineRateHertz: 16_000 });
    expect(port.resamplerSamples).toBeGreaterThan(0);
    run(0.1);
    expect(ring.readable).toBeGreaterThan(0);
  });
});
