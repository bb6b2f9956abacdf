import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parsePreset } from '../../../engine/model/Preset.ts';
import { demoVoicePath } from '../../../host/files/demoFiles.ts';
import { runCommand, spawnCommand } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const MICROPHONE = ['--backend', 'file', '--input', demoVoicePath('synthetic-male')];
const leftOvers = () => readdirSync(tmpdir()).filter((name) => name.startsWith('unmingle-enrol-'));

test('enrol records until there is enough speech, and learns the voice into the library', async () => {
  const words = ['enrol', 'zed', ...MICROPHONE, '--seconds', '4', '--json'];
  const { code, stdout, stderr } = await runCommand(words, folder);
  expect([code, stderr.split('\n')[0]]).toEqual([0, 'recording from synthetic-male.flac: one person, alone, for 4 s']);
  const report = JSON.parse(stdout) as { name: string; path: string; speechSeconds: number };
  expect(report).toEqual({ name: 'zed', path: join(folder, 'zed.unmingle.json'), speechSeconds: expect.any(Number) });
  expect(report.speechSeconds).toBeGreaterThanOrEqual(4);
  const preset = parsePreset(readFileSync(report.path, 'utf8'));
  expect(preset.name).toBe('zed');
  expect(preset.training.speechSeconds).toBeGreaterThan(2);
  expect(existsSync(join(folder, 'zed.evidence.json'))).toBe(true);
  // What live starts with stays as it is.
  expect(existsSync(join(folder, 'live.json'))).toBe(false);
  expect(leftOvers()).toEqual([]);
  const again = await runCommand(words, folder);
  expect(again).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('zed') });
}, 120_000);

test.skipIf(process.platform === 'win32')(
  'Ctrl-C ends with 130 and leaves neither recording nor preset',
  async () => {
    const { code, stdout } = await spawnCommand(['enrol', 'eve', ...MICROPHONE], folder, (child) => {
      child.stderr?.on('data', (text) => {
        if (String(text).includes('recording from')) setTimeout(() => child.kill('SIGINT'), 500);
      });
    });
    expect([code, stdout]).toEqual([130, '']);
    expect(existsSync(join(folder, 'eve.unmingle.json'))).toBe(false);
    expect(leftOvers()).toEqual([]);
  },
  60_000,
);

test('an input that does not exist is named', async () => {
  const { code, stderr } = await runCommand(['enrol', 'ann', '--backend', 'file', '--input', 'none.wav'], folder);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^error: .*none\.wav.*does not exist[^\n]*\n$/)]);
});
