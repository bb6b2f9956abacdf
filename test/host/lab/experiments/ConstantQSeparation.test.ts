import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { siSdr } from '../../../../engine/evaluation/index.ts';
import { parsePreset } from '../../../../engine/model/Preset.ts';
import { readRecording } from '../../../../host/audio/readRecording.ts';
import { packageRoot } from '../../../../host/files/packageRoot.ts';
import { separateConstantQ } from '../../../../host/lab/experiments/ConstantQSeparation.ts';
import { runCommand } from '../../commandLine.ts';

test('two bundled voices come apart on the constant-Q, and sum to the mixture', async () => {
  const folder = join(packageRoot(), 'presets');
  const names = ['synthetic-female', 'synthetic-male'];
  const presets = names.map((name) => parsePreset(readFileSync(join(folder, `${name}.unmingle.json`), 'utf8')));
  const seconds = 3;
  const read = async (name: string) => {
    const { samples, sampleRateHertz } = await readRecording(join(folder, 'demo', `${name}.flac`));
    return { samples: samples.slice(0, seconds * sampleRateHertz), sampleRateHertz };
  };
  const mixture = await read('mixture');
  const outputs = separateConstantQ(mixture.samples, mixture.sampleRateHertz, presets);
  let largest = 0;
  mixture.samples.forEach((value, n) => {
    largest = Math.max(largest, Math.abs(outputs[0]![n]! + outputs[1]![n]! - value));
  });
  expect(largest).toBeLessThan(1e-5);
  for (const [index, name] of names.entries()) {
    const runExclusive = (await read(name)).samples;
    expect(siSdr(runExclusive, outputs[index]!)).toBeGreaterThan(siSdr(runExclusive, mixture.samples) + 3);
  }
});

test('what the constant-Q cannot do is refused in one line', async () => {
  const folder = join(packageRoot(), 'presets');
  const words = ['separate', join(folder, 'demo', 'mixture.flac'), '-s', join(folder, 'synthetic-male.unmingle.json')];
  const { code, stderr } = await runCommand([...words, '-o', tmpdir(), '--transform', 'cqt', '--rest'], tmpdir());
  expect(code).toBe(1);
  expect(stderr.trim()).toBe(
    'error: --transform cqt has no rest and chooses its own windows; leave --rest and --window out',
  );
});
