import { describe, expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { DriftEstimator } from '../../../engine/realtime/DriftEstimator.ts';

const RATE = 48_000;
const JITTER = 30;

/** A delay of 600 samples, second by second, that drifts, jumps and jitters, and is corrected. */
class Clocks {
  readonly control = new DriftEstimator(RATE, 240);
  delay = 600;
  private readonly random = new Random(7);

  run(seconds: number, ppm: number): void {
    for (let second = 0; second < seconds; second++) {
      this.delay -= (ppm * 1e-6 + this.control.correction) * RATE;
      this.control.update(this.delay + JITTER * (2 * this.random.uniform() - 1), 1);
    }
  }
}

describe('DriftEstimator', () => {
  it.each([30, -100, 300])('finds a drift of %d ppm and restores the delay', (ppm) => {
    const clocks = new Clocks();
    clocks.run(600, ppm);
    expect(clocks.delay).toBeGreaterThan(540);
    expect(clocks.delay).toBeLessThan(660);
    let mean = 0;
    for (let second = 0; second < 60; second++) {
      clocks.run(1, ppm);
      mean += (clocks.control.correction * 1e6) / 60;
    }
    expect(mean).toBeGreaterThan(-ppm - 10);
    expect(mean).toBeLessThan(-ppm + 10);
  });

  it.each([200, -200])('finds a regular drift of %d ppm before the delay has changed by 2.5 ms', (ppm) => {
    const control = new DriftEstimator(RATE, 240);
    let delay = 600;
    for (let second = 0; second < 12; second++) {
      delay -= (ppm * 1e-6 + control.correction) * RATE;
      control.update(delay, 1);
    }
    expect(Math.abs(delay - 600)).toBeLessThan(120);
    expect(Math.abs(control.correction + ppm * 1e-6)).toBeLessThan(110e-6);
  });

  it('ignores jitter and jumps of a sound server', () => {
    const clocks = new Clocks();
    clocks.run(37, 0);
    for (const jump of [380, -200, 150, 240, -400]) {
      clocks.delay += jump;
      clocks.run(45, 0);
      expect(clocks.control.correction).toBe(0);
    }
  });

  it('does not mistake cuts for drift, and finds drift in spite of them', () => {
    const clocks = new Clocks();
    for (let cut = 0; cut < 4; cut++) {
      clocks.run(8, -800);
      clocks.delay -= 200;
      clocks.control.cut(200);
    }
    clocks.run(120, -800);
    expect(clocks.control.correction * 1e6).toBeGreaterThan(750);
    expect(clocks.control.correction * 1e6).toBeLessThan(850);
  });

  it('keeps the drift it has found after a restart', () => {
    const clocks = new Clocks();
    clocks.run(300, 100);
    clocks.delay = 1500;
    clocks.control.restart();
    clocks.run(30, 100);
    expect(clocks.delay).toBeGreaterThan(1400);
    expect(clocks.delay).toBeLessThan(1600);
  });

  it('never changes the pitch by more than a thousandth', () => {
    const clocks = new Clocks();
    clocks.run(200, 5000);
    expect(Math.abs(clocks.control.correction)).toBeLessThanOrEqual(1e-3);
  });
});
