import { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { BACKGROUND_PRESET } from '../../engine/model/adaptationRecipe.ts';
import type { Preset } from '../../engine/model/Preset.ts';
import { presetName } from '../../engine/model/PresetName.ts';
import { DEMO_SPEAKERS } from '../files/demoFiles.ts';
import { jsonText } from '../files/jsonText.ts';
import { hasEvidence } from '../library/evidenceFiles.ts';
import type { PresetEntry } from '../library/PresetLibrary.ts';
import { presetPath } from '../library/PresetPath.ts';
import type { CommandContext } from './CommandContext.ts';
import { readPreset } from './presetArgument.ts';
import { presetsText } from './presetsText.ts';

export function presetsCommand(context: CommandContext): Command {
  const command = new Command('presets')
    .summary('list, show, check, import and remove presets')
    .description(
      'Manages presets: one trained speaker each, bundled with the program or your own. The environment variable UNMINGLE_PRESETS names another folder for your own.',
    )
    .addHelpText(
      'after',
      `
Examples:
  unmingle presets list
  unmingle presets list --json
  unmingle presets show synthetic-male
  unmingle presets check ann.unmingle.json
  unmingle presets import ann.unmingle.json`,
    );
  command
    .command('list', { isDefault: true })
    .summary('list all presets')
    .description('Lists all presets: those of the program and your own.')
    .option('--all', 'also list each bundled voice of a stranger')
    .option('--json', 'print as JSON: complete, also without --all')
    // The default command also receives unknown subcommands, as excess arguments.
    .allowExcessArguments()
    .action((options: ListOptions, { args: [unexpected] }: Command) => {
      if (unexpected === undefined) return list(context, options);
      throw new InputError(`unknown command 'presets ${unexpected}'; must be list, show, check, import or remove`);
    });
  command
    .command('show')
    .summary('show the description and training data of a preset')
    .description('Shows the description and training data of a preset.')
    .argument('<name>', 'preset name or preset file')
    .option('--json', 'print as JSON')
    .action((name: string, options: JsonOption) => show(context, name, options));
  command
    .command('check')
    .summary('check that a file is a valid preset')
    .description('Checks that a file is a valid preset.')
    .argument('<file>', 'preset file')
    .option('--json', 'print as JSON')
    .action((file: string, options: JsonOption) => check(context, file, options));
  command
    .command('import')
    .summary('check a preset file and copy it to your library')
    .description('Checks a preset file and copies it to your library.')
    .argument('<file>', 'preset file')
    .option('--force', 'replace a preset of the same name, or hide a bundled one')
    .option('--json', 'print as JSON')
    .action((file: string, options: JsonOption & { readonly force?: boolean }) => importPreset(context, file, options));
  command
    .command('remove')
    .summary('remove one of your own presets')
    .description('Removes one of your own presets.')
    .argument('<name>', 'preset name')
    .option('--json', 'print as JSON')
    .action((name: string, options: JsonOption) => remove(context, name, options));
  return command;
}

interface ListedEntry extends PresetEntry {
  readonly hasEvidence: boolean;
}

interface JsonOption {
  readonly json?: boolean;
}

interface ListOptions extends JsonOption {
  readonly all?: boolean;
}

/** Bundled presets that are used by name: those of the demo and of --rest. */
const FAMILIAR: readonly string[] = [...DEMO_SPEAKERS, BACKGROUND_PRESET];

async function list({ library, terminal }: CommandContext, { json, all = false }: ListOptions): Promise<void> {
  const entries: ListedEntry[] = [];
  for (const entry of await library.list()) entries.push({ ...entry, hasEvidence: await hasEvidence(entry.path) });
  if (json === true) {
    const reports = entries.map(({ preset, ...entry }) => ({
      ...entry,
      ...(preset === null ? {} : presetFacts(preset)),
      name: entry.name,
    }));
    return terminal.result(jsonText(reports));
  }
  if (entries.length === 0) return terminal.result('no presets yet; create one with unmingle train');
  const presets = entries.map((entry) => ({
    name: entry.name,
    origin: entry.origin,
    isStranger: entry.origin === 'bundled' && !FAMILIAR.includes(entry.name),
    isDamaged: entry.preset === null,
    details: entryText(entry),
  }));
  terminal.result(presetsText(presets, terminal.columns, all));
}

async function show({ library, terminal }: CommandContext, name: string, { json }: JsonOption): Promise<void> {
  const { path, preset } = await readPreset(library, name);
  const facts = { ...presetFacts(preset), hasEvidence: await hasEvidence(path) };
  if (json === true) return terminal.result(jsonText({ ...facts, path }));
  const lines = [
    facts.name,
    `  file       ${path}`,
    `  notes      ${facts.notes || '-'}`,
    `  licence    ${facts.licence || '-'}`,
    `  created    ${facts.created}`,
    `  templates  ${facts.templates}, valid up to ${facts.bandwidthHertz} Hz`,
    `  training   ${facts.training.speechSeconds.toFixed(1)} s of speech at ${facts.training.sampleRateHertz} Hz, seed ${facts.training.seed}, by ${facts.training.backend}`,
    `  evidence   ${facts.hasEvidence ? 'yes' : 'none: cannot be adapted to voices that it was not adapted to before'}`,
  ];
  terminal.result(lines.join('\n'));
}

async function check({ library, terminal }: CommandContext, file: string, { json }: JsonOption): Promise<void> {
  const { preset } = await library.byPath(presetPath(file));
  terminal.result(
    json === true
      ? jsonText({ isValid: true, path: file, ...presetFacts(preset) })
      : `${file}: valid preset "${preset.name}"`,
  );
}

async function importPreset(
  { library, terminal }: CommandContext,
  file: string,
  { json, force }: JsonOption & { readonly force?: boolean },
): Promise<void> {
  const { name, path, remarks, removedEvidence } = await library.import(presetPath(file), force ?? false);
  for (const remark of [...remarks, removedEvidence]) if (remark !== null) terminal.notice(remark);
  terminal.result(json === true ? jsonText({ name, path }) : `imported "${name}" as ${path}`);
}

async function remove({ library, terminal }: CommandContext, name: string, { json }: JsonOption): Promise<void> {
  await library.remove(presetName(name));
  terminal.result(json === true ? jsonText({ name, isRemoved: true }) : `removed "${name}"`);
}

function entryText({ preset, problem, hasEvidence: isAdaptable }: ListedEntry): string {
  if (preset === null) return `damaged: ${problem}`;
  const { speechSeconds, sampleRateHertz } = preset.training;
  const notes = preset.notes.split('\n')[0] ?? '';
  const evidence = isAdaptable ? 'evidence' : 'no evidence';
  return `${presetFacts(preset).templates} templates, ${speechSeconds.toFixed(0)} s at ${sampleRateHertz} Hz, ${evidence}${notes === '' ? '' : `, ${notes}`}`;
}

/** Fields of a preset for reports: all but its weights. */
function presetFacts({ name, notes, licence, created, bandwidthHertz, magnitudeExponent, layers, training }: Preset) {
  const templates = layers.at(-1)?.outputs;
  if (templates === undefined) throw new InputError(`preset "${name}" must have at least one layer, got 0`);
  return { name, notes, licence, created, templates, bandwidthHertz, magnitudeExponent, training };
}
