import { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { jsonText } from '../files/jsonText.ts';
import type { CheckResult, ValidationReport } from '../lab/validation/validate.ts';
import type { CommandContext } from './CommandContext.ts';
import { collect, commaSeparated, integerOption } from './optionValues.ts';

interface ValidateOptions {
  readonly strictness: number;
  readonly seed?: number;
  readonly check?: readonly string[];
  readonly json?: true;
}

const LARGEST_SEED = 2 ** 31;
const FIGURES_A_LINE = 4;

/** Reports that checks have failed, which is a bug; the report on stdout describes it. */
export class ConformanceFailure extends Error {
  override readonly name = 'ConformanceFailure';
}

const STRICTNESS = { minimum: 1, maximum: 10, default: 5 } as const;

export function validateCommand(context: CommandContext): Command {
  const { minimum, maximum } = STRICTNESS;
  return new Command('validate')
    .summary('check the engine as plugin validators do, with seeded random cases')
    .description(
      'Runs the separator as a strict host would: sample rates of 8 to 192 kHz, blocks of 1 to 8192 samples of varying size, 1 to 8 ' +
        'speakers, random changes and swaps, buffers between fences of NaN. Each failure is reported with a command that reproduces it.',
    )
    .option(
      `--strictness <${minimum}..${maximum}>`,
      'duration: seconds at 1, some minutes at 5, a quarter of an hour at 10',
      integerOption('--strictness', minimum, maximum),
      STRICTNESS.default,
    )
    .option('--seed <n>', 'seed of the first case (default: random)', integerOption('--seed', 0, LARGEST_SEED))
    .option('--check <names>', 'only these checks, separated by commas', collect)
    .option('--json', 'print the report as JSON')
    .addHelpText('after', '\nExamples:\n  unmingle validate\n  unmingle validate --strictness 10 --seed 1 --json')
    .action((options: ValidateOptions) => validateEngine(context, options));
}

async function validateEngine({ terminal, signal }: CommandContext, options: ValidateOptions): Promise<void> {
  const [{ validate }, { CHECKS }] = await Promise.all([
    import('../lab/validation/validate.ts'),
    import('../lab/validation/allChecks.ts'),
  ]);
  const names = await commaSeparated('--check', options.check ?? []);
  const unknown = names.find((name) => CHECKS.every((check) => check.name !== name));
  if (unknown !== undefined)
    throw new InputError(
      `--check must be one or more of ${CHECKS.map(({ name }) => name).join(', ')}, got "${unknown}"`,
    );
  const progress = terminal.progress('validating');
  const report = await validate({
    strictness: options.strictness,
    seed: options.seed ?? Math.floor(Math.random() * 1e6),
    checks: names.length === 0 ? CHECKS : CHECKS.filter(({ name }) => names.includes(name)),
    onCase: (fraction) => {
      signal.throwIfAborted();
      progress.update(fraction);
    },
  }).finally(() => progress.stop());
  terminal.result(options.json === true ? jsonText(report) : validationText(report));
  const failed = report.checks.filter(({ failure }) => failure !== null).length;
  if (failed > 0) throw new ConformanceFailure(`${failed} of ${report.checks.length} checks failed`);
}

function validationText({ strictness, seed, kernel, checks }: ValidationReport): string {
  return [
    `strictness ${strictness}, seed ${seed}, ${kernel} kernel`,
    ...checks.flatMap(checkLines),
    checks.every(({ failure }) => failure === null) ? 'passed' : 'FAILED',
  ].join('\n');
}

function checkLines({ name, title, cases, seconds, failure, figures }: CheckResult): string[] {
  const verdict = failure === null ? 'ok    ' : 'FAILED';
  const count = `${cases} ${cases === 1 ? 'case' : 'cases'}`;
  const lines = [`${verdict} ${name.padEnd(14)} ${count.padStart(9)}, ${seconds.toFixed(1)} s   ${title}`];
  const measured = Object.entries(figures).map(([figure, value]) => `${figure} ${value.toPrecision(2)}`);
  for (let first = 0; first < measured.length; first += FIGURES_A_LINE)
    lines.push(`       ${measured.slice(first, first + FIGURES_A_LINE).join(', ')}`);
  if (failure === null) return lines;
  const { property, message, speakerSet, command } = failure;
  return [...lines, `       ${property}: ${message}`, `       with ${speakerSet}`, `       reproduce with: ${command}`];
}
