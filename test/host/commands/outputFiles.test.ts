import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { Command } from 'commander';
import { beforeAll, describe, expect, test } from 'vitest';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { buildProgram } from '../../../host/commands/program.ts';
import { PresetLibrary, presetFolders } from '../../../host/library/PresetLibrary.ts';
import { randomPreset, syntheticVoice } from '../../engine/syntheticVoice.ts';
import { float32, wavBytes } from '../audio/wavBytes.ts';
import { CapturedTerminal } from '../CapturedTerminal.ts';
import { type CommandResult, runCommand } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

interface Writing {
  /** Command line after the command's own name, in a folder that has the files of `makeInputs`. */
  readonly words: string;
  /** Files that it would write. */
  readonly outputs: readonly string[];
  /** A file that it reads, which must not be replaced under another name either. @default none of this folder */
  readonly input?: string;
  /** Whether the whole command takes less than a second or two, so that runs that are not refused are tested too. @default false */
  readonly isQuick?: boolean;
}

const ADAPTATION = 'dcb7850f9e683fafeae28665e308b08de1bdb9d240fb64d11d71b58e32c3f556.adaptation.json';
const DEMO = 'synthetic-female synthetic-male';
const EXPERIMENT_FILES = ['config.json', 'results.json', 'figure.svg', 'README.md'].map((name) => `out/${name}`);
const TRAIN: readonly Writing[] = [
  { words: 'in/ann.wav -n zed', outputs: ['zed.unmingle.json', 'zed.evidence.json'], input: 'in/ann.wav' },
  { words: 'in/ann.wav -n zed -o out/p.json', outputs: ['out/p.json', 'out/p.evidence.json'], input: 'in/ann.wav' },
];
const ADAPT: readonly Writing[] = [
  { words: 'ann bob --out ab.json', outputs: ['ab.json'], input: 'ann.unmingle.json' },
  { words: `${DEMO} --out demo.json`, outputs: ['demo.json'], isQuick: true },
  {
    words: `${DEMO} --import in/demo.json`,
    outputs: [`adaptations/${ADAPTATION}`],
    isQuick: true,
  },
];

/**
 * What every command writes, by its name; hidden ones in parentheses. A text: why it writes no file that a user names. A command that is
 * added makes the first test fail until it is here.
 */
const COMMANDS: Readonly<Record<string, readonly Writing[] | string>> = {
  live: [
    {
      words: '--backend file -i in/mixture.wav -o played.wav --record takes -s ann,bob --no-panel --no-adaptation',
      outputs: ['played.wav'],
    },
    { words: '--backend file -i in/mixture.wav --record takes -s ann --no-panel', outputs: ['takes'] },
  ],
  control: 'writes nothing',
  devices: 'writes nothing',
  enrol: [
    {
      words: 'zed --backend file -i in/mixture.wav --seconds 3',
      outputs: ['zed.unmingle.json', 'zed.evidence.json'],
    },
  ],
  train: TRAIN,
  separate: [
    {
      words: 'in/mixture.wav -s ann,bob -o out --rest --no-adaptation',
      outputs: ['out/ann.wav', 'out/bob.wav', 'out/rest.wav'],
      input: 'in/mixture.wav',
      isQuick: true,
    },
    { words: 'in/mixture.wav -s ann,bob -o out', outputs: ['out/bob.wav'], input: 'ann.unmingle.json' },
    { words: 'in/mixture.wav --per-channel ann,bob -o out', outputs: ['out/bob.wav'], input: 'in/mixture.wav' },
    { words: 'in/mixture.wav -s ann -o out --transform cqt', outputs: ['out/ann.wav'] },
    {
      words: 'in/mixture.wav -o out --names eve,zed',
      outputs: ['out/zed.wav', 'out/zed.unmingle.json', 'out/zed.evidence.json', 'out/voices.txt'],
      input: 'in/mixture.wav',
    },
  ],
  voices: [
    {
      words: 'in/mixture.wav --rttm out/a.rttm --labels out/a.txt',
      outputs: ['out/a.rttm', 'out/a.txt'],
      input: 'in/mixture.wav',
    },
  ],
  adapt: ADAPT,
  'presets list': 'writes nothing',
  'presets show': 'writes nothing',
  'presets check': 'writes nothing',
  'presets import': [
    {
      words: 'in/eve.unmingle.json',
      outputs: ['eve.unmingle.json', 'eve.evidence.json'],
      input: 'in/eve.unmingle.json',
      isQuick: true,
    },
  ],
  'presets remove': 'removes the preset that it is asked to remove, which is in the library',
  worker: 'writes the results of jobs, which never replace a file: test/host/queue/FolderStorage.test.ts',
  'queue status': 'writes nothing',
  'queue retry': 'writes nothing',
  'queue drain': 'writes nothing',
  demo: [{ words: '--out out', outputs: ['out/rest.wav'] }],
  doctor: 'writes nothing',
  completion: 'writes nothing',
  '(complete)': 'writes nothing',
  help: 'writes nothing',
  bench: [{ words: '--json report.json', outputs: ['report.json'] }],
  validate: 'prints its report',
  evaluate: [
    {
      words: 'in --split 1:1 --json report.json --plot plot.svg',
      outputs: ['report.json', 'plot.svg'],
      input: 'in/speaker-ann/one.wav',
    },
    { words: 'in --split 1:1 --conversation --plot plot.svg', outputs: ['plot.svg'] },
  ],
  'experiment reconstruction': [{ words: 'in --out out', outputs: EXPERIMENT_FILES }],
  'experiment separation': [
    { words: 'in --out out', outputs: EXPERIMENT_FILES.filter((path) => !/figure/.test(path)) },
  ],
  'experiment separate': [{ words: 'in/mixture.wav -s ann,bob -o out', outputs: ['out/ann.wav', 'out/bob.wav'] }],
  'experiment train': TRAIN.slice(1),
  'experiment hybrid': [{ words: 'in/mixture.wav --out out', outputs: EXPERIMENT_FILES }],
  'experiment transfer': [{ words: 'in/mixture.wav --out out', outputs: EXPERIMENT_FILES }],
  '(scene)': ADAPT.slice(0, 1),
};

/** State that the program itself keeps. */
const STATE = ['live.json'];
/** An input of some commands, and a precious file for all others. */
const RECORDING = 'in/ann.wav';

/** What may lie where a command would write. */
const OBSTACLES: Readonly<Record<string, (path: string, input: string) => void>> = {
  'a file': (path) => writeFileSync(path, 'precious'),
  'a write-protected file': (path) => {
    writeFileSync(path, 'precious');
    chmodSync(path, 0o444);
  },
  'a hard link to an input': (path, input) => linkSync(input, path),
  'a link to an input': (path, input) => symlinkSync(relative(dirname(path), input), path),
  'a link to another file': (path) => {
    writeFileSync(`${path}.other`, 'precious');
    symlinkSync(`${basename(path)}.other`, path);
  },
  'a link that leads nowhere': (path) => symlinkSync('nowhere', path),
  'a folder': (path) => {
    mkdirSync(path);
    writeFileSync(join(path, 'file'), 'precious');
  },
};

const base = temporaryFolder();
/** Inputs of all commands, also the user's library. */
const template = join(base, 'template');
let number = 0;

beforeAll(() => {
  const voices = [110, 210].map((hertz, index) => syntheticVoice(index + 1, hertz, 1, 0.3, 16_000));
  const at = (...names: string[]) => join(template, ...names);
  const sounds = { ann: voices[0]!, bob: voices[1]!, mixture: voices[0]!.map((sample, n) => sample + voices[1]![n]!) };
  mkdirSync(at('in'), { recursive: true });
  for (const [name, samples] of Object.entries(sounds)) {
    const bytes = wavBytes(float32([...samples]), { code: 3, bits: 32 });
    writeFileSync(at('in', `${name}.wav`), bytes);
    if (name === 'mixture') continue;
    mkdirSync(at('in', `speaker-${name}`), { recursive: true });
    for (const test of ['one', 'two']) writeFileSync(at('in', `speaker-${name}`, `${test}.wav`), bytes);
  }
  writeFileSync(at('ann.unmingle.json'), serializePreset(randomPreset('ann', 4, 1)));
  writeFileSync(at('bob.unmingle.json'), serializePreset(randomPreset('bob', 4, 2)));
  writeFileSync(at('in', 'eve.unmingle.json'), serializePreset(randomPreset('eve', 4, 3)));
  const { bundled } = presetFolders();
  copyFileSync(join(bundled, 'synthetic-male.evidence.json'), at('in', 'eve.evidence.json'));
  copyFileSync(join(bundled, 'adaptations', ADAPTATION), at('in', 'demo.json'));
});

/** @returns a folder with all inputs, that also is the user's library */
function freshFolder(): string {
  const root = join(base, `run-${number++}`);
  cpSync(template, root, { recursive: true });
  return root;
}

/** @returns each file and link with its content, without the program's state */
function snapshot(root: string): Map<string, string> {
  const facts = new Map<string, string>();
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (STATE.includes(name)) continue;
    const path = join(root, name);
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) facts.set(name, `link to ${readlinkSync(path)}`);
    else if (stat.isFile())
      facts.set(name, `${stat.mode} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`);
  }
  return facts;
}

/** @param changeable files that may change */
function expectUnchanged(before: Map<string, string>, after: Map<string, string>, ...changeable: string[]): void {
  const changed = [...before].filter(([name, facts]) => after.get(name) !== facts && !changeable.includes(name));
  expect(changed.map(([name]) => name)).toEqual([]);
}

/** @returns the names of all commands without subcommands, hidden ones in parentheses */
function leaves(parent: Command, path: readonly string[] = []): string[] {
  const visible = parent.createHelp().visibleCommands(parent);
  return parent.commands.flatMap((child) => {
    const words = [...path, child.name()];
    if (child.commands.length > 0) return leaves(child, words);
    return visible.includes(child) ? words.join(' ') : `(${words.join(' ')})`;
  });
}

function run(name: string, words: string, root: string): Promise<CommandResult> {
  return runCommand([...name.replace(/[()]/g, '').split(' '), ...words.split(' ')], root);
}

const WRITING = Object.entries(COMMANDS).flatMap(([name, writing]): [string, Writing][] =>
  typeof writing === 'string' ? [] : writing.map((each) => [name, each]),
);

test('every command of the program is in the table', () => {
  const library = new PresetLibrary({ bundled: base, own: base });
  const context = { terminal: new CapturedTerminal(), library, signal: new AbortController().signal };
  expect(Object.keys(COMMANDS).toSorted()).toEqual(leaves(buildProgram(context)).toSorted());
});

describe.skipIf(process.platform === 'win32')('no command changes or deletes a file that it did not make', () => {
  describe.each(WRITING)('%s %j', (name, { words, outputs, input, isQuick = false }) => {
    test.each(outputs)('without --force: %s', async (output) => {
      const root = freshFolder();
      mkdirSync(join(root, dirname(output)), { recursive: true });
      for (const [obstacle, make] of Object.entries(OBSTACLES)) {
        // A folder for recordings may exist.
        if (output === 'takes' && obstacle === 'a folder') continue;
        rmSync(join(root, output), { recursive: true, force: true });
        make(join(root, output), join(root, input ?? RECORDING));
        const before = snapshot(root);
        const { code, stdout, stderr } = await run(name, words, root);
        expect([obstacle, code, stdout]).toEqual([obstacle, 1, '']);
        expect(stderr, obstacle).toMatch(/^error: [^\n]+\n$/m);
        expect(stderr, obstacle).toContain(basename(output).replace(/\..*/, ''));
        expect(snapshot(root), obstacle).toEqual(before);
      }
    });

    test.runIf(isQuick).each(outputs)('with --force: only %s, which is announced in one line', async (output) => {
      for (const [obstacle, make] of Object.entries(OBSTACLES)) {
        const root = freshFolder();
        mkdirSync(join(root, dirname(output)), { recursive: true });
        make(join(root, output), join(root, input ?? RECORDING));
        const before = snapshot(root);
        const { code, stderr } = await run(name, `${words} --force`, root);
        const isInput = / an input$/.test(obstacle) && input !== undefined;
        const isReplaceable = !isInput && !/write-protected|folder/.test(obstacle);
        const after = snapshot(root);
        expectUnchanged(before, after, ...(isReplaceable ? [output] : []));
        if (!isReplaceable) {
          expect([obstacle, code]).toEqual([obstacle, 1]);
          continue;
        }
        expect([obstacle, code, stderr]).toEqual([obstacle, 0, expect.stringMatching(/^--force replaces [^\n]+$/m)]);
        expect(stderr).toContain(basename(output));
        expect(after.get(output)).not.toBe(before.get(output));
      }
    });

    test.runIf(isQuick)('files whose names differ in case stay', async () => {
      const root = freshFolder();
      for (const output of outputs) {
        const other = join(root, dirname(output), basename(output).toUpperCase());
        mkdirSync(dirname(other), { recursive: true });
        writeFileSync(other, 'precious');
      }
      const before = snapshot(root);
      await run(name, words, root);
      expectUnchanged(before, snapshot(root));
    });
  });

  test('separate into the folder of the recordings that the voices were trained from', async () => {
    const root = freshFolder();
    const before = snapshot(root);
    const words = 'in/mixture.wav -s ann,bob -o in --no-adaptation';
    const refused = await run('separate', words, root);
    expect(refused).toMatchObject({
      code: 1,
      stderr:
        'error: cannot write in/ann.wav: it already exists; choose another folder with --out, or replace it with --force\n',
    });
    expect(snapshot(root)).toEqual(before);
    const references = await run('separate', `${words} --force --references in/ann.wav,in/bob.wav`, root);
    expect(references).toMatchObject({ code: 1, stderr: expect.stringMatching(/would overwrite an input/) });
    expect(snapshot(root)).toEqual(before);
  });

  test('the demo takes a free folder', async () => {
    const root = freshFolder();
    mkdirSync(join(root, 'unmingle-demo'));
    writeFileSync(join(root, 'unmingle-demo', 'rest.wav'), 'precious');
    const before = snapshot(root);
    expect(await runCommand(['demo', '--json'], root)).toMatchObject({ code: 0 });
    expectUnchanged(before, snapshot(root));
    expect(readdirSync(join(root, 'unmingle-demo-2')).length).toBe(3);
  });

  test('an empty path in an option is refused', async () => {
    const root = freshFolder();
    const before = snapshot(root);
    for (const words of [
      ['separate', 'in/mixture.wav', '-s', 'ann,bob', '-o', ''],
      ['train', 'in/ann.wav', '-n', 'zed', '-o', ' '],
      ['adapt', 'ann', 'bob', '-o', ''],
      ['demo', '-o', ''],
      ['bench', '--json', ''],
      ['evaluate', 'in', '--plot', ''],
      ['evaluate', 'in', '--speakers-file', ''],
      ['experiment', 'hybrid', '--out', ''],
      ['live', '--record', ''],
    ]) {
      const { code, stderr } = await runCommand(words, root);
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/^error: --[\w-]+ must be a path, got ""; the current/),
      ]);
    }
    expect(snapshot(root)).toEqual(before);
    expect(existsSync(join(root, 'unmingle-demo'))).toBe(false);
  });
});
