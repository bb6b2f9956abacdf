import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { buildProgram } from '../../../host/commands/program.ts';
import { PresetLibrary } from '../../../host/library/PresetLibrary.ts';
import { CapturedTerminal } from '../CapturedTerminal.ts';
import { runCommand } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const program = buildProgram({
  terminal: new CapturedTerminal(),
  library: new PresetLibrary({ bundled: folder, own: folder }),
  signal: new AbortController().signal,
});

/**
 * Every option of every command, hidden ones in parentheses. An option added here is read in every circumstance, or refused by name in those
 * where it would have no effect: add these to `REFUSED`.
 */
const OPTIONS: Readonly<Record<string, string>> = {
  unmingle: '--version',
  live: `--speakers --per-channel --voices --input --channel --output --send --send-speakers --backend --rate --latency --window --record --seconds
    --or-demo --port --host --new-token --rest --no-panel --no-open --json --stdout --stdout-rate --no-adaptation (--no-scene)`,
  control: '--address --print-address',
  devices: '--backend --json',
  enrol: '--input --channel --backend --seconds --json',
  train: `--name --out --templates --seconds --updates (--transform) --seed --notes --licence --holdout --channel --no-evidence
    --force --json --clean --batch --queue --storage --jobs --attempts --priority --detach`,
  separate: `--speakers --voices --names --per-channel --out --channel --latency --window --rest --offline (--transform) --format --references
    --force --json --stdout --stdout-rate --no-adaptation (--no-scene) --batch --queue --storage --jobs --attempts --priority --detach`,
  voices: '--voices --names --rttm --labels --channel --force --json',
  adapt: '--out --import --force --json',
  presets: '',
  'presets list': '--all --json',
  'presets show': '--json',
  'presets check': '--json',
  'presets import': '--force --json',
  'presets remove': '--json',
  worker: '--queue --storage --jobs --lease',
  queue: '',
  'queue status': '--queue --failed --json',
  'queue retry': '--queue',
  'queue drain': '--queue --failed',
  demo: '--out --force --json',
  doctor: '--json',
  bench: '--json --force',
  validate: '--strictness --seed --check --json',
  evaluate: `--pairs --seed --methods --channel --latency --window --window-samples --snr --split --templates --transform --epochs
    --paper-coordinate --speakers-file --skip-unusable --fresh --json --plot --force --conversation --talkers --overlap --levels
    --rt60 --noise --queue --storage`,
  completion: '',
  '(complete)': '',
  help: '',
  experiment: '',
  'experiment reconstruction': `--pairs --seed --split --out --without-paper --with-paper --paper-speakers --epochs
    --paper-coordinate --speakers-file --skip-unusable --force --json`,
  'experiment separation': `--pairs --seed --split --out --without-paper --with-paper --paper-speakers --epochs
    --paper-coordinate --speakers-file --skip-unusable --force --json`,
  'experiment separate': '--speakers --out --format --references --force --json',
  'experiment train': `--name --out --templates --seconds --updates --transform --seed --notes --licence --holdout
    --channel --no-evidence --force --json --clean`,
  'experiment hybrid': '--seconds --layout --rank --seed --out --force --json',
  'experiment transfer': '--seconds --rank --seed --out --force --json',
  '(scene)': '--out --import --force --json',
};

/** Options that would have no effect beside others. */
const REFUSED: readonly (readonly [string, RegExp])[] = [
  ['live --no-panel --port 7701', /^error: --port has no effect with --no-panel; leave it out\n$/],
  [
    'live --no-panel --port 7701 --host 0.0.0.0',
    /^error: --port and --host have no effect with --no-panel; leave them/,
  ],
  ['live --no-panel --new-token', /--new-token has no effect with --no-panel/],
  ['live --backend file --channel 1', /--channel has no effect with --backend file/],
  ['live --backend file --or-demo', /--or-demo has no effect with --backend file/],
  ...['-s ann', '--voices 2', '--channel 1', '--rest', '--or-demo', '--no-adaptation'].map(
    (option): [string, RegExp] => [
      `live --per-channel ann,bob ${option}`,
      /^error: --(speakers|voices|channel|rest|or-demo|no-adaptation) has no effect with --per-channel; leave it out\n$/,
    ],
  ),
  ['live --voices auto --rest', /--rest has no effect with --voices; leave it out/],
  ['live --voices 2 --or-demo', /--or-demo has no effect with --voices; leave it out/],
  ['live --send-speakers ann', /--send-speakers has no effect without --send <device>/],
  ['live --stdout-rate 8000', /--stdout-rate has no effect without --stdout <speaker>/],
  ['live --stdout ann --json', /--json has no effect with --stdout; leave it out/],
  ...['--voices 2', '--names a,b'].flatMap((option): [string, RegExp][] => [
    [`separate x.wav -s a -o o ${option}`, /^error: --(voices|names) has no effect with --speakers; leave it out/],
    [`separate x.wav --per-channel a,b -o o ${option}`, /^error: --(voices|names) has no effect with --per-channel/],
  ]),
  ...['--references x.wav', '--transform cqt'].map((option): [string, RegExp] => [
    `separate x.wav -o o ${option}`,
    /^error: --(references|transform) has no effect without --speakers <A,B,...>; leave it out/,
  ]),
  ['separate x.wav -s a -o o --stdout-rate 8000', /--stdout-rate has no effect without --stdout <speaker>/],
  ...['-o o', '--json', '--format pcm16', '--references x.wav', '--force', '--per-channel a'].map(
    (option): [string, RegExp] => [
      `separate x.wav -s a --stdout a ${option}`,
      /^error: --(out|json|format|references|force|per-channel) has no effect with --stdout; leave it out/,
    ],
  ),
  ['control {"type":"stopRecording"} --print-address', /--print-address has no effect with messages/],
  ['adapt ann bob --force', /--force has no effect without --out <file>/],
  ['scene ann bob --force', /--force has no effect without --out <file> or --import <file>/],
  ['bench --force', /--force has no effect without --json <file>/],
  ['evaluate x --json --force', /--force has no effect without --json <file> or --plot <file.svg>/],
  ...['--channel 1', '--latency ear', '--rest', '--references x.wav', '-s a'].map((option): [string, RegExp] => [
    `separate x.wav --per-channel synthetic-male -o o ${option}`,
    /^error: --(channel|latency|rest|references|speakers) has no effect with --per-channel; leave it out/,
  ]),
  ...['--channel 1', '--latency ear', '--window 40', '--rest', '--offline'].map((option): [string, RegExp] => [
    `separate x.wav -s synthetic-male -o o --transform cqt ${option}`,
    new RegExp(`^error: ${option.split(' ')[0]} has no effect with --transform cqt; leave it out`),
  ]),
  ...['--queue redis://x', '--storage x', '--jobs 2', '--attempts 2', '--priority 1', '--detach'].flatMap(
    (option): [string, RegExp][] => [
      [
        `train x.wav -n a ${option}`,
        new RegExp(`^error: ${option.split(' ')[0]} has no effect without --batch <list>`),
      ],
      [`separate x.wav -o o ${option}`, new RegExp(`^error: ${option.split(' ')[0]} has no effect without --batch`)],
    ],
  ),
  ...['--name a', '--holdout x.wav', '--transform cqt'].map((option): [string, RegExp] => [
    `train --batch x.tsv ${option}`,
    /^error: --(name|holdout|transform) has no effect with --batch; leave it out/,
  ]),
  ...['--per-channel a,b', '--stdout a', '--references x.wav', '--transform cqt'].map((option): [string, RegExp] => [
    `separate --batch x.txt -o o ${option}`,
    /^error: --(per-channel|stdout|references|transform) has no effect with --batch; leave it out/,
  ]),
  ['train --batch x.tsv --priority 1 --detach', /^error: --priority and --detach have no effect without --queue <url>/],
  ['train --batch x.tsv --queue redis://x --storage . --jobs 2', /^error: --jobs has no effect with --queue/],
  ['train --batch x.tsv --queue redis://x', /^error: --queue needs --storage/],
  ['evaluate x --storage .', /^error: --storage has no effect without --queue <url>/],
  ['evaluate x --queue redis://x', /^error: evaluate --queue needs --storage <dir>/],
  ['evaluate x --queue redis://x --storage . --conversation', /^error: --queue and --storage have no effect with/],
  ['worker --queue redis://x', /^error: worker needs --storage/],
  ['worker --storage .', /^error: --queue <url> is missing/],
  ['queue status', /^error: --queue <url> is missing/],
  ['experiment separation x --epochs 5', /--epochs and --paper-coordinate need --with-paper/],
  ['experiment separation x --with-paper --without-paper', /--without-paper excludes/],
  ['evaluate x --window 64 --window-samples 1024', /give one of them/],
  ['evaluate x --rt60 0.3 --noise 20', /--rt60 and --noise have no effect without --conversation/],
  ['evaluate x --conversation --snr 3', /--snr has no effect with --conversation/],
  ['evaluate x --epochs 3', /--epochs has no effect without the method paper/],
  ['evaluate x --methods nmf --transform cqt', /--transform has no effect without the method innmf or adapted/],
];

/** Every command with its full name, as a user types it; hidden ones in parentheses. */
function commands(parent: Command, path: readonly string[] = []): [string, Command][] {
  const hidden = parent.commands.filter((child) => !parent.createHelp().visibleCommands(parent).includes(child));
  return parent.commands.flatMap((child): [string, Command][] => {
    const words = [...path, child.name()];
    const name = words.join(' ');
    return [[hidden.includes(child) ? `(${name})` : name, child], ...commands(child, words)];
  });
}

const found: [string, Command][] = [['unmingle', program], ...commands(program)];

describe('options', () => {
  test('are exactly those of the reviewed table, command by command', () => {
    const optionsOf = ({ options }: Command) => options.map(({ long, hidden }) => (hidden ? `(${long})` : `${long}`));
    const expected = Object.entries(OPTIONS).map(([name, text]) => [
      name,
      text.split(/\s+/).filter(Boolean).toSorted(),
    ]);
    expect(Object.fromEntries(found.map(([name, command]) => [name, optionsOf(command).toSorted()]))).toEqual(
      Object.fromEntries(expected),
    );
  });

  test.each(REFUSED)('are refused where they would have no effect: unmingle %s', async (line, message) => {
    const { code, stdout, stderr } = await runCommand(line.split(' '), folder);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(line.startsWith('scene') ? 2 : 1);
  });
});

describe('help', () => {
  test.each(found.map(([name]) => name))('of %s fits into 80 columns', async (name) => {
    const words = name === 'unmingle' ? [] : name.replace(/[()]/g, '').split(' ');
    const { code, stdout, stderr } = await runCommand([...words, '--help'], folder);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});
