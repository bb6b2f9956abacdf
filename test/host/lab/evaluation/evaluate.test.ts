import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { runCommand, spawnCommand } from '../../commandLine.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { type JsonReport, keepResultsIn, runEvaluation } from './runEvaluation.ts';
import { writeVoice } from './voiceFolders.ts';

const folder = temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
/** Options of a fast run: methods that train in an instant, and few recordings. */
const quick = ['--split', '2:1', '--methods', 'interpolated,oracle,mixture', '--templates', '6'];
const run = (...words: string[]) => runCommand(['evaluate', ...words], folder);
/** Removes the timings, which differ between runs. */
const scoresOf = ({ results }: JsonReport) => results.map(({ method, pair, scores }) => ({ method, pair, scores }));

beforeAll(() => {
  keepResultsIn(folder);
  writeVoice(at('voices'), 'ann', 210, 3, 2);
  writeVoice(at('voices'), 'eve', 180, 3, 2);
  writeVoice(at('voices'), 'bob', 100, 3, 2);
  const facts = { ann: { sex: 'female' }, eve: { sex: 'female' }, bob: { sex: 'male' } };
  writeFileSync(at('voices', 'speakers.json'), JSON.stringify(facts));
});

describe('unmingle evaluate', () => {
  test('reports every method on the same pairs, by group, with differences, a file and a figure', async () => {
    const words = [at('voices'), ...quick, '--fresh', '--json', at('report.json'), '--plot', at('figure.svg')];
    const { code, stdout, stderr } = await run(...words);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^3 pairs of 3 speakers \(2 recordings train, 1 test\), 16000 Hz, mixed at 0 dB/);
    expect(stdout).toMatch(/paired differences from interpolated: mean \+- standard error/);
    const report = JSON.parse(readFileSync(at('report.json'), 'utf8')) as JsonReport;
    expect(report.conditions).toMatchObject({ windowSamples: 640, latencySamples: 256, snrDecibels: 0 });
    expect(report.summaries.map(({ method, group, scores }) => [method, group, scores.sdrDecibels!.count])).toEqual([
      ['interpolated', 'all', 3],
      ['oracle', 'all', 3],
      ['mixture', 'all', 3],
      ['interpolated', 'female/female', 1],
      ['oracle', 'female/female', 1],
      ['mixture', 'female/female', 1],
      ['interpolated', 'mixed', 2],
      ['oracle', 'mixed', 2],
      ['mixture', 'mixed', 2],
    ]);
    const mean = (index: number) => report.summaries[index]!.scores.siSdrDecibels!.mean;
    expect(mean(0)).toBeGreaterThan(mean(2));
    expect(mean(1)).toBeGreaterThan(mean(0));
    expect(mean(2)).toBeCloseTo(0, 0);
    expect(report.differences.map(({ method, minus }) => [method, minus])).toEqual([
      ['oracle', 'interpolated'],
      ['mixture', 'interpolated'],
    ]);
    expect(readFileSync(at('figure.svg'), 'utf8')).toContain('<svg');
  });

  test('accepts window, latency and SNR options, and draws pairs', async () => {
    const words = ['--window-samples', '2000', '--latency', '125', '--snr', '-5', '--pairs', '1', '--seed', '3'];
    const { conditions, pairs, results } = await runEvaluation(folder, at('voices'), ...quick, ...words);
    expect(conditions).toMatchObject({ windowSamples: 2000, latencySamples: 2000, snrDecibels: -5 });
    expect([pairs, results.length]).toEqual([1, 3]);
  });

  test.skipIf(process.platform === 'win32')(
    'a killed run continues where it stopped, with the same result',
    async () => {
      const onePair = [...quick, '--snr', '3', '--pairs', '1'];
      const whole = await runEvaluation(folder, at('voices'), ...onePair);
      const killedFolder = at('killed');
      mkdirSync(killedFolder);
      keepResultsIn(killedFolder);
      const words = ['evaluate', at('voices'), ...onePair, '--json'];
      const logged = () => {
        const log = join(killedFolder, 'evaluation');
        const lines = existsSync(log)
          ? readdirSync(log).flatMap((n) => readFileSync(join(log, n), 'utf8').split('\n'))
          : [];
        return lines.filter((line) => line !== '').length;
      };
      const killed = await spawnCommand(words, killedFolder, (child) => {
        const watch = setInterval(() => logged() > 0 && child.kill('SIGKILL'), 5);
        child.on('close', () => clearInterval(watch));
      });
      const left = logged();
      expect([killed.code, left > 0 && left < 3]).toEqual([null, true]);
      const again = await runCommand(words, killedFolder);
      expect(again.stderr).toMatch(new RegExp(`^${left} of 3 results are from an earlier run`));
      expect(scoresOf(JSON.parse(again.stdout) as JsonReport)).toEqual(scoresOf(whole));
      keepResultsIn(folder);
    },
  );

  test.skipIf(process.platform === 'win32')('Ctrl-C ends with 130 and writes no report', async () => {
    const words = ['evaluate', at('voices'), '--split', '2:1', '--fresh', '--json', at('never.json')];
    const { code, stdout } = await spawnCommand(words, folder, (child) => {
      setTimeout(() => child.kill('SIGINT'), 1500);
    });
    expect([code, stdout, existsSync(at('never.json'))]).toEqual([130, '', false]);
  });
});

describe('invalid options end with one line on stderr before any work', () => {
  const cases: [string, () => string[], RegExp][] = [
    ['an unknown method', () => ['--methods', 'magic'], /--methods must be one or more of innmf, .*, got "magic"/],
    ['a method twice', () => ['--methods', 'nmf,nmf'], /--methods must name each method once/],
    ['a split that is none', () => ['--split', '8'], /--split must be <train>:<test>, such as 8:2, got "8"/],
    ['an empty half of a split', () => ['--split', '8:0'], /--split test must be an integer between 1 and 1000, got 0/],
    ['a split that is too large', () => [], /must contain at least 10 recordings \(8 train, 2 test; --split\), got 3/],
    ['pairs that are none', () => ['--pairs', 'some'], /--pairs must be a number, got "some"/],
    ['too many pairs', () => [...quick, '--pairs', '4'], /--pairs must be all or at most 3 for 3 speakers, got 4/],
    ['two windows', () => ['--window', '64', '--window-samples', '1024'], /give one of them/],
    [
      'a window that no FFT has',
      () => [...quick, '--window-samples', '2002'],
      /--window-samples must be even with prime factors 2, 3 and 5 only, got 2002; the nearest is 2000/,
    ],
    ['a folder for a file', () => ['--json', at('voices')], /is a folder, not a file/],
  ];
  test.each(cases)('%s', async (_, words, message) => {
    const { code, stdout, stderr } = await run(at('voices'), ...words());
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr).toMatch(message);
  });
});
