import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { siSdr } from '../../../../engine/evaluation/index.ts';
import { parsePreset } from '../../../../engine/model/Preset.ts';
import { readRecording } from '../../../../host/audio/readRecording.ts';
import { WavWriter } from '../../../../host/audio/WavWriter.ts';
import { packageRoot } from '../../../../host/files/packageRoot.ts';
import { separateConstantQ } from '../../../../host/lab/experiments/ConstantQSeparation.ts';
import { runCommand } from '../../commandLine.ts';

test('the constant-Q separates two bundled voices by more than 3 dB, and its outputs sum to the mixture', async () => {
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
    const reference = (await read(name)).samples;
    expect(siSdr(reference, outputs[index]!)).toBeGreaterThan(siSdr(reference, mixture.samples) + 3);
  }
});

describe('separate --transform cqt', () => {
  const folder = join(packageRoot(), 'presets');
  const words = ['separate', join(folder, 'demo', 'mixture.flac'), '-s', join(folder, 'synthetic-male.unmingle.json')];

  test.each([['--rest'], ['--offline'], ['--window', '40'], ['--latency', 'ear']])(
    'rejects %s, which the constant-Q does not use',
    async (...option) => {
      const { code, stderr } = await runCommand([...words, '-o', tmpdir(), '--transform', 'cqt', ...option], tmpdir());
      expect(code).toBe(1);
      expect(stderr.trim()).toBe(`error: ${option[0]} has no effect with --transform cqt; leave it out`);
    },
  );

  test('is missing from the help, which names the experiment', async () => {
    const { stdout } = await runCommand(['separate', '--help'], tmpdir());
    expect(stdout).not.toContain('--transform');
    expect(stdout).toContain('unmingle experiment separate');
  });
});

test('train --transform is hidden, and shown by experiment train', async () => {
  const product = await runCommand(['train', '--help'], tmpdir());
  const experiment = await runCommand(['experiment', 'train', '--help'], tmpdir());
  expect(product.stdout).not.toContain('--transform');
  expect(product.stdout).toContain('unmingle experiment train');
  expect(experiment.stdout).toContain('--transform <name>');
});

test('experiment separate reports the slices of the constant-Q instead of a latency', async () => {
  const presets = join(packageRoot(), 'presets');
  const folder = await mkdtemp(join(tmpdir(), 'unmingle-'));
  try {
    const { samples, sampleRateHertz } = await readRecording(join(presets, 'demo', 'mixture.flac'));
    const path = join(folder, 'mixture.wav');
    const writer = await WavWriter.create(path, sampleRateHertz, 'float32');
    await writer.write(samples.subarray(0, sampleRateHertz));
    await writer.close();
    const words = ['-s', join(presets, 'synthetic-male.unmingle.json'), '-o', join(folder, 'out'), '--json'];
    const { code, stdout } = await runCommand(['experiment', 'separate', path, ...words], folder);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as Record<string, unknown>;
    expect(report).toMatchObject({ transform: 'cqt', seconds: 1, slice: { samples: 32768 } });
    expect(report).not.toHaveProperty('latency');
  } finally {
    await rm(folder, { recursive: true });
  }
});
