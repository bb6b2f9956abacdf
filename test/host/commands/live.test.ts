import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { DEMO_SPEAKERS, demoVoicePath } from '../../../host/files/demoFiles.ts';
import { float32, wavBytes } from '../audio/wavBytes.ts';
import { runCommand } from '../commandLine.ts';
import { LiveProgram } from '../LiveProgram.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const environment = { ...process.env, UNMINGLE_SETTINGS: join(folder, 'live.json') };

const control = (...messages: string[]) => runCommand(['control', ...messages], folder);
const start = (...words: string[]) => new LiveProgram(words, environment);

it('loops the demo, obeys unmingle control, and completes its recordings at Ctrl-C', async () => {
  const live = start('--backend', 'file', '--record', join(folder, 'takes'));
  await live.running();
  const steered = await control('{"type":"setMaster","isBypassed":true}');
  expect(steered).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(JSON.parse((await control()).stdout)).toMatchObject({ settings: { master: { isBypassed: true } } });
  const { port, href } = new URL(live.address);
  expect(await runCommand(['live', '--or-demo', '--port', port], folder)).toEqual({
    code: 0,
    stdout: '',
    stderr: `Unmingle is running already: ${href}\n`,
  });
  expect(await runCommand(['live', '-s', 'synthetic-male', '--port', port], folder)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/running already at port \d+, so --speakers cannot be applied/),
  });
  await live.until(() => live.statuses.length > 6, 10);
  expect(live.remarks).toContain('synthetic-female, synthetic-male');
  expect(live.latest!.latency.algorithmSeconds).toBeCloseTo(0.016, 3);
  expect(await live.stop()).toBe(0);
  expect(live.remarks).toContain('recordings are complete');
  expect(await control()).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no session of this user is running/),
  });
  const [take] = readdirSync(join(folder, 'takes'));
  const files = readdirSync(join(folder, 'takes', take!));
  expect(files.sort()).toEqual([
    '1-synthetic-female.wav',
    '2-synthetic-male.wav',
    'mix.wav',
    'mixture.wav',
    'rest.wav',
    'take.json',
  ]);
  const sounds = files.filter((name) => name.endsWith('.wav'));
  const stems = await Promise.all(sounds.map((name) => readRecording(join(folder, 'takes', take!, name), 60)));
  expect(new Set(stems.map(({ samples }) => samples.length)).size).toBe(1);
  expect(stems[0]!.samples.length).toBeGreaterThan(stems[0]!.sampleRateHertz);
});

it('leaves readable recordings when it is killed', async () => {
  const live = start('--backend', 'file', '--record', join(folder, 'killed'));
  await live.running();
  await live.until(() => live.statuses.length > 4, 10);
  process.kill(live.processId, 'SIGKILL');
  await live.exited;
  const [take] = readdirSync(join(folder, 'killed'));
  const { samples } = await readRecording(join(folder, 'killed', take!, 'mixture.wav'), 60);
  expect(samples.some((value) => Math.abs(value) > 0.01)).toBe(true);
});

it('plays into a new WAV file, and refuses an existing one', async () => {
  const path = join(folder, 'played.wav');
  const live = start('--backend', 'file', '--output', path, '--seconds', '3');
  expect(await live.exited).toBe(0);
  const { samples, sampleRateHertz } = await readRecording(path, 60);
  expect(samples.length).toBeGreaterThan(2 * sampleRateHertz);
  expect(samples.some((value) => Math.abs(value) > 0.01)).toBe(true);
  const again = start('--backend', 'file', '--output', path);
  expect(await again.exited).toBe(1);
  expect(again.remarks).toMatch(/--output: .*played\.wav already exists/);
});

it('takes each voice from its own channel with --per-channel, without the bleed', async () => {
  const recordings = await Promise.all(DEMO_SPEAKERS.map((speaker) => readRecording(demoVoicePath(speaker), 60)));
  const [one, other] = recordings.map(({ samples }) => samples);
  const frames = Float32Array.from({ length: 2 * one!.length }, (_, index) => {
    const n = Math.floor(index / 2);
    const [own, bleed] = index % 2 === 0 ? [one!, other!] : [other!, one!];
    return (own[n] ?? 0) + 0.25 * (bleed[n - 16] ?? 0);
  });
  const path = join(folder, 'pair.wav');
  writeFileSync(path, wavBytes(float32(Array.from(frames)), { code: 3, bits: 32, channels: 2 }));
  const voices = ['--per-channel', 'synthetic-female,synthetic-male'];
  const words = ['--backend', 'file', '--input', path, ...voices, '--record', join(folder, 'channels')];
  const live = new LiveProgram(words, environment, folder, true);
  await live.running();
  expect(live.remarks).toContain('channel 1: synthetic-female, channel 2: synthetic-male');
  await live.until(() => live.latest?.inputChoice?.includes('bleed between the channels') === true, 30);
  const refused = await control('{"type":"setDevices","inputChannel":2}');
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/inputChannel: each voice has a channel/) });
  expect(await live.stop()).toBe(0);
  const [take] = readdirSync(join(folder, 'channels'));
  const stem = (name: string) => readRecording(join(folder, 'channels', take!, `${name}.wav`), 60);
  const stems = await Promise.all(['1-synthetic-female', '2-synthetic-male', 'rest', 'mixture'].map(stem));
  const [first, second, rest, mixture] = stems.map(({ samples }) => samples);
  const difference = mixture!.map((sample, n) => Math.abs(first![n]! + second![n]! + rest![n]! - sample));
  expect(difference.reduce((largest, value) => Math.max(largest, value), 0)).toBeLessThan(1e-5);
  expect(first!.some((sample) => Math.abs(sample) > 0.01)).toBe(true);
});

it('a refusal is one line of the program', async () => {
  const live = start('--backend', 'file', '--input', '/nowhere.wav');
  expect(await live.exited).toBe(1);
  expect(live.remarks).toMatch(/^error: .*nowhere\.wav: does not exist\n$/);
});

it.each([
  [['--speakers', 'nobody'], /no preset is called "nobody"/],
  [['--window', '8'], /--window in ms must be a number between 16 and 1000, got 8/],
  [['--rate', '44100'], /rate-not-supported: .* has 16000 Hz, not 44100/],
  [['--send-speakers', 'synthetic-male'], /--send-speakers has no effect without --send <device>/],
  [['--backend', 'sundial'], /--backend must be .*, got "sundial"/],
  [['--record', '/proc/x'], /cannot create the folder/],
  [['--channel', '2'], /--channel has no effect with --backend file/],
  [['--output', 'headphones'], /--output must be a file that ends in \.wav .*, got "headphones"/],
])('refuses %j in one line', async (words, reason) => {
  await expectRefusal(['--no-adaptation', ...words], reason);
});

it.each([
  [
    ['--per-channel', 'synthetic-female,synthetic-male'],
    /"demo mixture" has 1 input channel, --per-channel names 2; choose a device with at least 2/,
  ],
  [['--per-channel', 'synthetic-male'], /--per-channel must be 2 to 8 voices \(- for none\), got 1/],
  [
    ['--per-channel', 'synthetic-male,-', '--latency', '4'],
    /--latency must be at least 8 ms with --per-channel, got 4/,
  ],
])('refuses %j in one line', expectRefusal);

async function expectRefusal(words: readonly string[], reason: RegExp): Promise<void> {
  const backend = words.includes('--backend') ? [] : ['--backend', 'file'];
  const live = ['live', '--json', '--no-open', '--port', '0', ...backend];
  const { code, stdout, stderr } = await runCommand([...live, ...words], folder);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(reason);
  expect(stderr.trim().split('\n')).toHaveLength(1);
}

// Only in CI: on other machines a sound card would be opened.
it.skipIf(process.env.CI !== 'true')(
  'reports a missing sound card and suggests the demo; with --or-demo plays it',
  async () => {
    const nothing = { ...environment, PULSE_SERVER: 'unix:/nowhere', JACK_NO_START_SERVER: '1' };
    const refused = new LiveProgram([], nothing);
    expect(await refused.exited).toBe(1);
    expect(refused.remarks).toMatch(/^error: no-audio-system: .*unmingle live --backend file$/m);
    const live = new LiveProgram(['--or-demo', '--seconds', '1'], nothing);
    expect(await live.exited).toBe(0);
    expect(live.remarks).toContain('the demo is playing instead');
  },
);
