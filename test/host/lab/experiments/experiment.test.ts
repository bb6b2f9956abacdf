import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { RECONSTRUCTION_METHODS } from '../../../../host/lab/experiments/reconstruction.ts';
import { reconstructionReport } from '../../../../host/lab/experiments/reconstructionReport.ts';
import { runCommand } from '../../commandLine.ts';

const folder = mkdtempSync(join(tmpdir(), 'unmingle-experiment-'));
afterAll(() => rmSync(folder, { recursive: true }));

function report(klOf: (method: string) => number) {
  const speaker = (name: string) => ({ name, sex: null, trainingPaths: [], testPaths: [] });
  const [first, second] = [speaker('ann'), speaker('bob')];
  const dataset = { folder: 'voices', sampleRateHertz: 16_000, speakers: [first, second], remarks: [] };
  const results = RECONSTRUCTION_METHODS.flatMap((method) =>
    ['ann', 'bob'].flatMap((name, index) =>
      [1000, 1500, 2000, 2500].map((window) => {
        const kl = klOf(method) + index;
        return { method, speaker: name, window, trainingKl: kl, unseenKl: kl };
      }),
    ),
  );
  const pairs = [{ first, second, group: 'unknown' as const }];
  const options = { dataset, pairs, seed: 1, paper: null, threads: 1, signal: new AbortController().signal };
  return reconstructionReport(
    { options, split: { train: 8, test: 2 }, command: 'unmingle' },
    { results, paperTrainings: [] },
  );
}

test('findings are computed from the results', () => {
  const worse = report((method) => (method === 'innmf' ? 60 : 50)).markdown;
  expect(worse).toContain(
    'interpolation of one matrix describes unseen speech better than `innmf` does at N = 1000, 1500, 2500',
  );
  expect(worse).toContain('19.8 % above at N = 1000 (+10.00 ± 0.00)');
  const better = report((method) => (method === 'innmf' ? 40 : 50)).markdown;
  expect(better).toContain('`innmf` describes unseen speech better than plain linear interpolation');
  expect(better).toContain('| nmf (2 speakers) | 50.50 ± 0.71 |');
  expect(better).toContain('47.17 ± 4.28');
});

test.each([
  [['reconstruction', 'missing'], /missing/],
  [['separation', 'empty'], /at least 2 usable speakers, got 0/],
  [['separation', 'empty', '--out', 'file'], /file/],
  [['separation', 'empty', '--epochs', '5'], /--epochs and --paper-coordinate need --with-paper/],
  [['separation', 'empty', '--with-paper', '--without-paper'], /--without-paper excludes/],
])('%j is refused in one line before work starts', async (words, message) => {
  mkdirSync(join(folder, 'empty'), { recursive: true });
  writeFileSync(join(folder, 'file'), '');
  const { code, stderr } = await runCommand(['experiment', ...words], folder);
  expect([code, stderr.trim().split('\n').length]).toEqual([1, 1]);
  expect(stderr).toMatch(message);
});
