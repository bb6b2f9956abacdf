import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runEvaluation } from '../host/lab/evaluation/runEvaluation.ts';
import { temporaryFolder } from '../host/temporaryFolder.ts';

const RECORDINGS = fileURLToPath(new URL('../../../shared/data/librispeech', import.meta.url));
const isPresent = existsSync(RECORDINGS);
const experiments = new URL('../experiments/', import.meta.url);
interface Level {
  readonly pairs: number;
  readonly seed: number;
  readonly siSdrDecibels: number;
  readonly adaptedSiSdrDecibels: number;
}
const { toleranceDecibels, realVoices, dailyRealVoices } = JSON.parse(
  readFileSync(new URL('guard.json', experiments), 'utf8'),
) as { readonly toleranceDecibels: number; readonly realVoices: Level; readonly dailyRealVoices: Level };
/** A pair takes 70 s of a core: CI has the first only, at night both. */
const level = process.env.CI !== undefined && process.env.UNMINGLE_NIGHTLY !== 'true' ? dailyRealVoices : realVoices;

describe('separation of real voices', () => {
  const needsShared = process.env.CI || isPresent ? it : it.skip;

  needsShared(
    'is as good as it was (skipped where only the project was cloned; CI must have ../shared)',
    async () => {
      expect(isPresent, `${RECORDINGS} must exist`).toBe(true);
      const { pairs, seed, siSdrDecibels, adaptedSiSdrDecibels } = level;
      const words = ['--pairs', String(pairs), '--seed', String(seed), '--methods', 'innmf,adapted'];
      const report = await runEvaluation(temporaryFolder(), RECORDINGS, ...words);
      for (const [method, expected] of [
        ['innmf', siSdrDecibels],
        ['adapted', adaptedSiSdrDecibels],
      ] as const) {
        const measured = report.summaries.find((each) => each.method === method)!.scores.siSdrDecibels!.mean;
        expect(
          measured,
          `SI-SDR of ${method} ${measured.toFixed(2)} dB; where a change is meant to cost quality, test/experiments/guard.json must say so`,
        ).toBeGreaterThan(expected - toleranceDecibels);
      }
    },
    600_000,
  );
});
