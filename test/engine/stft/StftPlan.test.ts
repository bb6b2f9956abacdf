import { describe, expect, it } from 'vitest';
import { RealFft } from '../../../engine/kernel/RealFft.ts';
import { effectiveDurationSeconds, latencySamples, planStft } from '../../../engine/stft/StftPlan.ts';

describe('planStft', () => {
  it('keeps each mode within its latency at every rate', () => {
    const limits = { ear: 0.01, monitor: 0.02, call: 0.04, studio: 0.066 } as const;
    for (const sampleRateHertz of [8000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000]) {
      for (const [latency, limitSeconds] of Object.entries(limits)) {
        const plan = planStft({ sampleRateHertz, latency: latency as keyof typeof limits });
        expect(RealFft.isSupportedSize(plan.windowSamples)).toBe(true);
        expect(latencySamples(plan) / sampleRateHertz).toBeLessThanOrEqual(limitSeconds);
      }
    }
  });

  it('accepts any latency in seconds, and uses the symmetric pair from the window length on', () => {
    const plan = planStft({ sampleRateHertz: 48_000, latency: 0.005 });
    expect(latencySamples(plan)).toBe(240);
    expect(plan.windowSamples).toBe(1920);
    const whole = planStft({ sampleRateHertz: 16_000, latency: 0.064 });
    expect(latencySamples(whole)).toBe(1024);
    expect(whole.windows.synthesis).toEqual(whole.windows.analysis);
    expect(planStft({ sampleRateHertz: 16_000, latency: 0.128 }).windowSamples).toBe(2048);
  });

  it('the effective duration equals the window for a sine window and is shorter for a steeper one', () => {
    expect(effectiveDurationSeconds(planStft({ sampleRateHertz: 16_000, latency: 'studio' }))).toBeCloseTo(0.064, 5);
    const asymmetric = effectiveDurationSeconds(planStft({ sampleRateHertz: 16_000, latency: 'ear' }));
    expect(asymmetric).toBeGreaterThan(0.03);
    expect(asymmetric).toBeLessThan(0.07);
  });

  it('rejects invalid options with the name and range of the option', () => {
    expect(() => planStft({ sampleRateHertz: 100 })).toThrow(
      'sampleRateHertz must be a number between 4000 and 384000, got 100',
    );
    expect(() => planStft({ sampleRateHertz: 16_000, latency: 0.0001 })).toThrow('latencySeconds must be');
    expect(() => planStft({ sampleRateHertz: 16_000, windowSeconds: 0.004 })).toThrow('windowSeconds must be');
    expect(() => planStft({ sampleRateHertz: 16_000, latency: 'fast' as 'ear' })).toThrow('latency must be ear');
  });
});
