import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { completions } from '../../../host/commands/completions.ts';
import { buildProgram } from '../../../host/commands/program.ts';
import { PresetLibrary } from '../../../host/library/PresetLibrary.ts';
import { randomPreset } from '../../engine/syntheticVoice.ts';
import { CapturedTerminal } from '../CapturedTerminal.ts';
import { runCommand } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const program = buildProgram({
  terminal: new CapturedTerminal(),
  library: new PresetLibrary({ bundled: folder, own: folder }),
  signal: new AbortController().signal,
});
const NAMES = ['ann', 'Anna', 'bob', 'Mary Ann'];

describe('completion', () => {
  test.each([
    ['sep', ['separate']],
    ['presets im', ['import']],
    ['help pres', ['presets']],
    ['help presets im', ['import']],
    ['completion ', ['bash', 'zsh', 'fish']],
    ['separate --speak', ['--speakers']],
    ['separate x.wav --format ', ['float32', 'pcm16', 'flac']],
    ['separate x.wav --format = p', ['pcm16']],
    ['separate x.wav --format=p', ['--format=pcm16']],
    ['live --latency s', ['studio']],
    ['live --channel ', ['mix', 'best']],
    ['separate -s an', ['ann', 'Anna']],
    ['separate -s ann,', ['ann,Anna', 'ann,bob', 'ann,Mary Ann']],
    ['presets show b', ['bob']],
    ['adapt ann b', ['bob']],
    // Names of files, and no hidden command or option.
    ['separate ', []],
    ['separate -o ', []],
    ['scen', []],
    ['compl', ['completion']],
    ['live --no-sc', []],
  ])('of %j offers %j', async (line, expected) => {
    expect(await completions(program, line.split(' '), async () => NAMES)).toEqual(expected);
  });

  test('does not read the presets where none can stand', async () => {
    const fail = () => Promise.reject(new Error('read'));
    expect(await completions(program, ['live', '--back'], fail)).toEqual(['--backend']);
    await expect(completions(program, ['live', '-s', ''], fail)).rejects.toThrow('read');
  });

  test.each(['zsh', 'fish'])('of %s has a script', async (shell) => {
    const { code, stdout } = await runCommand(['completion', shell], folder);
    expect([code, stdout]).toEqual([0, expect.stringContaining(`unmingle complete ${shell} --`)]);
  });

  test('an unknown shell is refused with those that are known', async () => {
    const { code, stderr } = await runCommand(['completion', 'tcsh'], folder);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^error: .*'tcsh' is invalid.*bash, zsh, fish/)]);
  });

  test.skipIf(process.platform === 'win32')('works in bash, with names that have spaces', async () => {
    writeFileSync(join(folder, 'Mary Ann.unmingle.json'), serializePreset(randomPreset('Mary Ann', 4, 1)));
    const cli = fileURLToPath(new URL('../../../dist/host/cli.js', import.meta.url));
    writeFileSync(join(folder, 'unmingle'), `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`);
    chmodSync(join(folder, 'unmingle'), 0o755);
    writeFileSync(join(folder, 'script'), (await runCommand(['completion', 'bash'], folder)).stdout);
    const lines = [
      'source ./script; complete -p unmingle',
      String.raw`COMP_WORDS=(unmingle presets show 'Mary\ A'); COMP_CWORD=3; _unmingle; printf '<%s>' "$COMPREPLY"`,
    ];
    const environment = { ...process.env, PATH: `${folder}:${process.env.PATH}`, UNMINGLE_PRESETS: folder };
    const output = execFileSync('bash', ['--norc', '-c', lines.join('\n')], {
      cwd: folder,
      env: environment,
      encoding: 'utf8',
    });
    expect(output).toBe('complete -o default -F _unmingle unmingle\n<Mary\\ Ann>');
  });
});
