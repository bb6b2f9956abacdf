import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { randomPreset } from '../../engine/syntheticVoice.ts';
import { runCommand, spawnCommand } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const run = (...words: string[]) => runCommand(words, folder);

test('--help and no command print the list of commands, --version prints the version', async () => {
  for (const words of [['--help'], ['-h'], []]) {
    const { code, stdout, stderr } = await run(...words);
    expect([code, stderr]).toEqual([0, '']);
    for (const command of ['train', 'separate', 'presets', 'demo', 'bench']) expect(stdout).toContain(`  ${command}`);
  }
  expect(await run('--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

test.each(['train', 'presets import'])('help %s prints the same as --help', async (command) => {
  const words = command.split(' ');
  const { code, stdout, stderr } = await run('help', ...words);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe((await run(...words, '--help')).stdout);
  expect(stdout).toContain(`Usage: unmingle ${command}`);
});

test.each(['train', 'separate', 'presets', 'demo', 'bench'])(
  '%s --help has usage, examples and options',
  async (command) => {
    const { code, stdout } = await run(command, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: unmingle ${command}`);
    expect(stdout).toMatch(/Examples?:/);
    expect(stdout).toContain('--json');
  },
);

test.each([
  [['sing'], /unknown command 'sing'/],
  [['separat'], /Did you mean separate\?/],
  [['presets', 'sing'], /unknown command 'presets sing'/],
  [['separate', 'x.wav', '--out', 'o', '--speakers', 'a', '--colour'], /unknown option '--colour'/],
  [['separate', 'x.wav'], /required option '-o, --out/],
  [['separate', '--out', 'o', '--speakers', 'a'], /missing required argument 'mixture'/],
  [
    ['separate', 'x.wav', '-s', 'v367', 'v1688', '--out', 'o'],
    /too many arguments.*the values of --speakers by commas, without spaces: -s v367,v1688$/m,
  ],
  [['live', '-s', 'v367,', 'v1688'], /too many arguments.*by commas, without spaces: -s v367,v1688$/m],
  [['separate', '-s', 'Ann Lee', 'Bob', 'x.wav', '--out', 'o'], /without spaces: -s "Ann Lee,Bob"$/m],
  [
    ['evaluate', 'x', '--methods', 'innmf', 'nmf'],
    /too many arguments.*by commas, without spaces: --methods innmf,nmf$/m,
  ],
  [['presets', 'show', 'a', 'b'], /too many arguments/],
  [['separate', 'x.wav', '--out', 'o', '--speakers', 'a', '--latency', 'soon'], /--latency must be ear, .* got "soon"/],
  [
    ['separate', 'x.wav', '--out', 'o', '--speakers', 'a', '--latency', '1'],
    /--latency in ms must be .* 2 and 500, got 1/,
  ],
  [
    ['separate', 'x.wav', '--out', 'o', '--speakers', 'a', '--format', 'mp3'],
    /--format must be float32 or pcm16 or flac, got "mp3"/,
  ],
  [['separate', 'x.wav', '--out', 'o', '--speakers', 'a,,b'], /--speakers has an empty item/],
  [['train', 'x.wav', 'y.wav'], /--name is required with several recordings, got 2/],
  [['train', 'Ann & Bob.wav'], /preset name must be .*got "Ann & Bob"/],
  [['train', 'x.wav', '--name', 'a', '--templates', 'many'], /--templates must be a number, got "many"/],
  [['train', 'x.wav', '--name', 'a', '--templates', '0'], /--templates must be an integer between 1 and 128, got 0/],
  [['train', 'x.wav', '--name', 'a', '--seconds', '1'], /--seconds must be .* 3 and 600, got 1/],
  [['train', 'x.wav', '--name', '../a'], /preset name must be/],
  [['train', 'x.wav', '--name', 'Ann & Bob'], /preset name must be .*apostrophes or parentheses.*got "Ann & Bob"/],
  [['train', 'x.wav', '--name', 'con'], /preset name must be another name: con is the name of a device on Windows/],
  [['train', 'x.wav', '--name', 'a', '--out', 'nul.json'], /the file name "nul.json" is the name of a device/],
  [['adapt', 'a', 'b', '--out', 'voices/COM1.json'], /the file name "COM1.json" is the name of a device/],
  [['live', '--record', 'takes/aux'], /the file name "aux" is the name of a device/],
  [['live', '--rate', '3999'], /--rate must be at least 4000, got 3999/],
  [['live', '--channel', '65'], /--channel must be mix, best or a number from 1 to 64, got "65"/],
  [['live', '--channel', '1.5'], /--channel must be mix, best or a number from 1 to 64, got "1.5"/],
  [['train', 'x.wav', '--name', 'LibriSpeech-367'], /"librispeech-367" exists; it is bundled; --force hides it/],
  [['train', 'none.wav', '--name', 'a'], /none\.wav: does not exist/],
  [['train', '', '--name', 'a'], /cannot read "": does not exist/],
  [['separate', 'x.wav', '--speaker', 'a', '--out', 'o'], /unknown option '--speaker' \(Did you mean --speakers\?\)/],
  [['presets', 'show', 'sinthetic-male'], /no preset is called "sinthetic-male" \(did you mean "synthetic-male"\?\)/],
  [['help', 'separat'], /unknown command 'separat'; did you mean separate\?/],
  [['help', 'presets', 'sing'], /unknown command 'sing'; unmingle --help/],
  [['presets', 'show', 'nobody'], /no preset is called "nobody"/],
  [['presets', 'check', 'none.json'], /none\.json: does not exist/],
  [['presets', 'remove', 'nobody'], /no imported preset/],
])('a mistake is reported in one line with exit code 1: %j', async (words, message) => {
  const { code, stdout, stderr } = await run(...words);
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^error: [^\n]+\n$/);
  expect([code, stdout]).toEqual([1, '']);
});

test('the built program exits with the code of its command; results go to stdout, errors to stderr', async () => {
  const version = await spawnCommand(['--version'], folder);
  expect(version).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' });
  const mistake = await spawnCommand(['presets', 'show', 'nobody'], folder);
  expect(mistake).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^error: no preset is called[^\n]+\n$/),
  });
});

test('presets can be imported, listed, shown, checked and removed', async () => {
  const file = join(folder, 'given.json');
  writeFileSync(file, serializePreset(randomPreset('eve', 4, 1)));
  expect(await run('presets', 'import', file)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^imported "eve"/),
  });
  expect(await run('presets', 'import', file)).toMatchObject({ code: 1, stderr: expect.stringMatching(/--force/) });
  expect(await run('presets', 'import', file, '--force')).toMatchObject({ code: 0 });
  const list = JSON.parse((await run('presets', '--json')).stdout) as {
    name: string;
    origin: string;
    templates: number;
  }[];
  expect(list).toContainEqual(expect.objectContaining({ name: 'eve', origin: 'own', templates: 4 }));
  expect((await run('presets')).stdout).toMatch(/^eve +own +4 templates/m);
  expect((await run('presets', 'show', 'eve')).stdout).toContain('random weights for tests');
  expect(JSON.parse((await run('presets', 'show', 'eve', '--json')).stdout)).toMatchObject({
    name: 'eve',
    licence: 'MIT',
  });
  expect((await run('presets', 'check', file)).stdout).toContain('valid preset "eve"');
  writeFileSync(file, serializePreset(randomPreset('eve', 4, 1)).replace('"weightScale": 0', '"weightScale": 1'));
  expect(await run('presets', 'check', file)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/given\.json: preset/),
  });
  expect(await run('presets', 'remove', 'eve')).toMatchObject({ code: 0, stdout: 'removed "eve"\n' });
  expect(await run('presets', 'show', 'eve')).toMatchObject({ code: 1 });
});
