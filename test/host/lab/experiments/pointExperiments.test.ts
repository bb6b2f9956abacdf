import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { correlation } from '../../../../host/lab/experiments/correlation.ts';
import { greyPicture } from '../../../../host/lab/experiments/greyPicture.ts';
import { noteName } from '../../../../host/lab/experiments/noteName.ts';
import { runCommand } from '../../commandLine.ts';

const folder = mkdtempSync(join(tmpdir(), 'unmingle-points-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('hybrid finds two generated notes and reports which goals are met, as Markdown and JSON', async () => {
  const out = join(folder, 'hybrid');
  const { code, stdout } = await runCommand(['experiment', 'hybrid', '--out', out], folder);
  expect(code).toBe(0);
  expect(stdout).toContain('# Hybrid: Figure 3 of the paper');
  expect(stdout).toContain('C3');
  for (const name of ['config.json', 'results.json', 'README.md', 'figure.svg']) {
    expect(existsSync(join(out, name)), name).toBe(true);
  }
  const results = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));
  const hat = results.methods.find(({ method }: { method: string }) => method === 'hat');
  expect(Math.min(...hat.correlations.flat())).toBeGreaterThan(0.8);
  const [first, second] = hat.partials.map((partials: { hertz: number }[]) => partials.map(({ hertz }) => hertz));
  const near = (partials: number[], hertz: number) => partials.some((partial) => Math.abs(partial - hertz) < 8);
  expect([near(first, 130.8), near(second, 130.8)].filter(Boolean)).toHaveLength(1);
  expect([near(first, 588), near(second, 588)]).toContain(true);
  expect(readFileSync(join(out, 'figure.svg'), 'utf8')).not.toMatch(/NaN|undefined/);
});

test('transfer compares five representations on the bundled voice', async () => {
  const out = join(folder, 'transfer');
  const words = ['experiment', 'transfer', '--seconds', '0:1', '--rank', '3', '--out', out];
  const { code, stdout } = await runCommand(words, folder);
  expect(code).toBe(0);
  expect(stdout).toContain('| reassigned-1024 |');
  const { cells } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));
  expect(cells).toHaveLength(25);
  for (const { trained, tested, ratio } of cells) {
    if (trained === tested) expect(Math.abs(ratio - 1)).toBeLessThan(0.05);
    else expect(ratio).toBeGreaterThan(0.95);
  }
});

test.each([
  [['hybrid', '--seconds', '3'], '--seconds must be <from>:<to>'],
  [['hybrid', '--seconds', '5:9'], '--seconds must start before the end of two generated notes at 2.5 s, got 5 s'],
  [['hybrid', '--seconds', '0:0.1'], 'must last at least 0.6 s, got 0.1 s'],
  [['hybrid', '--layout', 'both'], '--layout must be repeat or split'],
  [['transfer', '--rank', '0'], '--rank must be an integer between 1 and 64'],
])('%j is refused in one line', async (words, message) => {
  const { code, stderr } = await runCommand(['experiment', ...words, '--out', join(folder, 'refused')], folder);
  expect(code).toBe(1);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain(message);
});

describe('pieces', () => {
  test('a note name is that of the nearest semitone, with the deviation in cents', () => {
    expect([440, 261.63, 130.81, 445, 27.5].map(noteName)).toEqual(['A4', 'C4', 'C3', 'A4 +20 ct', 'A0']);
  });

  test('correlation is 1, -1, or 0 if one side is constant', () => {
    expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12);
    expect(correlation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
    expect(correlation([1, 1, 1], [1, 2, 3])).toBe(0);
  });

  test('pictures are PNG files, white at level 0', () => {
    const file = Buffer.from(greyPicture(Float32Array.of(0, 1, 0.5, 0), 2).split(',')[1]!, 'base64');
    expect([file.readUInt32BE(16), file.readUInt32BE(20)]).toEqual([2, 2]);
    const dataBytes = file.readUInt32BE(33);
    expect([...inflateSync(file.subarray(41, 41 + dataBytes))]).toEqual([0, 255, 0, 0, 128, 255]);
  });
});
