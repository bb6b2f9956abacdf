import { describe, expect, it } from 'vitest';
import { SampleRing } from '../../../engine/core/SampleRing.ts';
import { DryFallback } from '../../../engine/realtime/DryFallback.ts';
import { DryHistory } from '../../../engine/realtime/DryHistory.ts';
import { PlayoutBuffer } from '../../../engine/realtime/PlayoutBuffer.ts';

const RATE = 48_000;
const BLOCK = 256;
const LATENCY = 700;
const sine = (n: number) => 0.5 * Math.sin((2 * Math.PI * 440 * n) / RATE);

/** An engine that only delays, and that can stand still; sound in and out on one clock. */
class Bench {
  readonly heard: number[] = [];
  readonly port: PlayoutBuffer;
  isStruggling = false;
  /** Input samples that the engine leaves unprocessed: how late it is. */
  backlogSamples = 0;
  private input = new SampleRing(SampleRing.allocate(RATE));
  private queue = new SampleRing(SampleRing.allocate(RATE));
  private readonly history = new DryHistory(2 * RATE);
  private firstPosition = 0;
  private written = 0;
  private delayed: number[] = new Array(LATENCY).fill(0);
  private lost = 0;

  constructor() {
    const bench = this;
    const progress = {
      inputPositionAt: (position: number) =>
        bench.history.writtenPosition + ((position - bench.input.writtenPosition) | 0) - LATENCY,
      get firstPosition() {
        return bench.firstPosition;
      },
      get backlogSamples() {
        return bench.input.readable;
      },
      get isStruggling() {
        return bench.isStruggling;
      },
    };
    this.port = new PlayoutBuffer(this.queue, {
      engineRateHertz: RATE,
      deviceRateHertz: RATE,
      channels: 1,
      isSynchronous: true,
      reserveSamples: 512,
      inputBlockSamples: () => BLOCK,
      delayAt: (position) => (bench.input.writtenPosition - position) | 0,
      dryFallback: new DryFallback(this.history, progress, RATE, () => 1),
    });
  }

  /** @param isAlive whether the engine works */
  run(seconds: number, isAlive = true, hasInput = true): void {
    const block = new Float32Array(BLOCK);
    for (let end = this.heard.length + seconds * RATE; this.heard.length < end; ) {
      if (hasInput) this.capture();
      if (isAlive) this.work();
      this.port.read(block, BLOCK, this.lost);
      this.lost = 0;
      this.heard.push(...block);
    }
  }

  /** The output device plays silence for so many blocks, while sound goes on to arrive. */
  loseOutput(blocks: number, isAlive: boolean): void {
    for (let n = 0; n < blocks; n++) {
      this.capture();
      if (isAlive) this.work();
      this.heard.push(...new Float32Array(BLOCK));
      this.lost += BLOCK;
    }
  }

  /** Another engine in place of this one, whatever that one had in work. */
  replaceEngine(): void {
    const queue = new SampleRing(SampleRing.allocate(RATE));
    this.port.connect(queue);
    this.queue = queue;
    this.input = new SampleRing(SampleRing.allocate(RATE));
    this.firstPosition = this.history.writtenPosition;
    this.delayed = new Array(LATENCY).fill(0);
  }

  /** Samples between the newest input and what was heard last. */
  get delaySamples(): number {
    const tail = this.heard.slice(-200);
    for (let delay = 0; delay < RATE; delay++) {
      const first = this.written - 200 - delay;
      if (tail.every((sample, n) => Math.abs(sample - sine(first + n)) < 1e-3)) return delay;
    }
    throw new Error('not the input');
  }

  private capture(): void {
    const block = Float32Array.from({ length: BLOCK }, (_, n) => sine(this.written + n));
    this.written += BLOCK;
    this.history.write(block, BLOCK);
    this.input.write(block, 0, BLOCK);
  }

  private work(): void {
    const block = new Float32Array(BLOCK);
    const next = () => this.input.read(block, 0, Math.min(BLOCK, this.input.readable - this.backlogSamples));
    for (let count = next(); count > 0; count = next()) {
      this.delayed.push(...block.subarray(0, count));
      this.queue.write(Float32Array.from(this.delayed.splice(0, count)), 0, count);
    }
  }
}

const largestStep = (signal: readonly number[]) =>
  signal.reduce((largest, value, n) => (n === 0 ? 0 : Math.max(largest, Math.abs(value - signal[n - 1]!))), 0);
const longestZeros = (signal: readonly number[]) =>
  signal.reduce(
    ({ run, most }, value) => {
      const next = value === 0 ? run + 1 : 0;
      return { run: next, most: Math.max(most, next) };
    },
    { run: 0, most: 0 },
  ).most;

describe('DryFallback', () => {
  it.each([0.01, 0.05, 0.3, 0.9])(
    'bridges an engine that stands still for %f s without a gap, a click or more delay',
    (seconds) => {
      const bench = new Bench();
      bench.run(1.2);
      const before = bench.delaySamples;
      const start = bench.heard.length - 1000;
      bench.run(seconds, false);
      expect(bench.delaySamples).toBe(before);
      bench.run(1);
      // A fallback that a larger target fill would have bridged raises the target, by three blocks of 256 at most.
      expect(bench.delaySamples - before).toBeLessThanOrEqual(3 * BLOCK);
      const heard = bench.heard.slice(start);
      expect(longestZeros(heard)).toBeLessThan(3);
      expect(largestStep(heard)).toBeLessThan(1.1 * largestStep(bench.heard.slice(20_000, 40_000)));
      const { gaps, dryFallbacks, dryFallbackSamples } = bench.port.counters;
      expect([gaps, dryFallbacks]).toEqual([0, seconds === 0.01 ? dryFallbacks : 1]);
      expect(dryFallbackSamples / RATE).toBeLessThan(seconds + 0.05);
    },
  );

  it('hands over to a new engine at the position that it has reached', () => {
    const bench = new Bench();
    bench.run(1.2);
    const before = bench.delaySamples;
    const start = bench.heard.length - 1000;
    bench.replaceEngine();
    bench.run(0.3, false);
    bench.run(1);
    expect(bench.delaySamples).toBe(before);
    expect(longestZeros(bench.heard.slice(start))).toBeLessThan(3);
    expect(bench.port.counters.gaps).toBe(0);
    const { dryFallbackSamples } = bench.port.counters;
    bench.run(1);
    expect(bench.port.counters.dryFallbackSamples).toBe(dryFallbackSamples);
  });

  it('keeps its delay however often an overloaded engine runs late', () => {
    const bench = new Bench();
    bench.run(1.2);
    const before = bench.delaySamples;
    bench.isStruggling = true;
    for (let time = 1; time <= 4; time++) {
      bench.backlogSamples = 150 * time;
      bench.run(0.03, false);
      bench.run(0.06);
      expect(bench.delaySamples).toBe(before);
    }
    bench.backlogSamples = 0;
    bench.run(0.3);
    expect(bench.delaySamples).toBe(before);
    const { dryFallbackSamples } = bench.port.counters;
    bench.run(0.3);
    expect(bench.port.counters.dryFallbackSamples).toBe(dryFallbackSamples);
  });

  it.each([true, false])(
    'returns to its delay within 40 ms after the device has lost output (engine works: %s)',
    (isAlive) => {
      const bench = new Bench();
      bench.run(1.2);
      const before = bench.delaySamples;
      if (!isAlive) bench.run(0.1, false);
      bench.loseOutput(3, isAlive);
      bench.run(0.04, isAlive);
      expect(bench.delaySamples).toBe(before);
    },
  );

  it('leaves a gap if the input delivers nothing either', () => {
    const bench = new Bench();
    bench.run(1.2);
    bench.run(0.5, true, false);
    expect(bench.port.counters.gaps).toBe(1);
    bench.run(1);
    expect(bench.delaySamples).toBeLessThan(RATE / 10);
  });
});
