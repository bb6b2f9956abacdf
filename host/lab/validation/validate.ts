import { performance } from 'node:perf_hooks';
import { Random } from '../../../engine/core/Random.ts';
import type { Seconds } from '../../../engine/core/units.ts';
import { Kernel, type KernelVariant } from '../../../engine/kernel/Kernel.ts';
import { Separator } from '../../../engine/separator/Separator.ts';
import { CHECKS } from './allChecks.ts';
import type { Check, CheckCase, Figures } from './harness/Check.ts';
import type { PluginFactory } from './harness/Plugin.ts';
import { adaptationText, randomSampleRate, randomSpeakerSet } from './harness/randomSpeakerSet.ts';
import { type Property, Violation } from './harness/Violation.ts';

export interface ValidationOptions {
  /** 1 to 10. Each check runs 4 * strictness^2 cases. */
  readonly strictness: number;
  /** Seed of the first case; incremented for each further case. */
  readonly seed: number;
  /** @default all */
  readonly checks?: readonly Check[];
  /** @default the separator */
  readonly create?: PluginFactory;
  /** Called before each case. @param fraction of all cases done, 0 to 1 */
  readonly onCase?: (fraction: number) => void;
}

export interface ValidationFailure {
  readonly property: Property | 'exception';
  readonly message: string;
  readonly seed: number;
  /** Description of the speaker set loaded in that case. */
  readonly speakerSet: string;
  /** Command line that runs this case first. */
  readonly command: string;
}

export interface CheckResult {
  readonly name: string;
  readonly title: string;
  readonly cases: number;
  readonly seconds: Seconds;
  /** First failed case, which ends the check; null if all passed. */
  readonly failure: ValidationFailure | null;
  readonly figures: Figures;
}

export interface ValidationReport {
  readonly strictness: number;
  readonly seed: number;
  readonly kernel: KernelVariant;
  readonly isPassed: boolean;
  readonly checks: readonly CheckResult[];
}

/** A check's share of a second on a fast machine. */
const CASES_AT_STRICTNESS_1 = 4;

/** Validates a plugin with seeded random cases, as the validators of plugin formats do. Failures are reported, not thrown. */
export async function validate(options: ValidationOptions): Promise<ValidationReport> {
  const { strictness, seed, checks = CHECKS } = options;
  const results: CheckResult[] = [];
  for (const [index, check] of checks.entries()) {
    results.push(await runCheck(check, options, (fraction) => options.onCase?.((index + fraction) / checks.length)));
  }
  const isPassed = results.every(({ failure }) => failure === null);
  return { strictness, seed, kernel: Kernel.bestVariant(), isPassed, checks: results };
}

async function runCheck(
  check: Check,
  { strictness, seed, create = (speakerSet, options) => new Separator(speakerSet, options) }: ValidationOptions,
  onCase: (fraction: number) => void,
): Promise<CheckResult> {
  const start = performance.now();
  const cases = check.isMeasurement ? 1 : CASES_AT_STRICTNESS_1 * strictness ** 2;
  let failure: ValidationFailure | null = null;
  let figures: Figures = {};
  let done = 0;
  for (; done < cases && failure === null; done++) {
    onCase(done / cases);
    // Lets the event loop draw progress and handle Ctrl-C.
    await new Promise((resolve) => setImmediate(resolve));
    const each = createCase(check, seed + done, strictness, create);
    try {
      figures = await check.run(each);
    } catch (error) {
      failure = failureOf(check, error, seed + done, each, strictness);
    }
  }
  const { name, title } = check;
  return { name, title, cases: done, seconds: (performance.now() - start) / 1000, failure, figures };
}

function createCase({ isMeasurement }: Check, seed: number, strictness: number, create: PluginFactory): CheckCase {
  const random = new Random(seed);
  const speakerSet = randomSpeakerSet(random, randomSampleRate(random));
  const options = isMeasurement ? {} : { variant: randomVariant(random) };
  return { random, strictness, speakerSet, options, create };
}

/** Draws a kernel variant, mostly the fastest, which users run. */
function randomVariant(random: Random): KernelVariant {
  const choice = random.uniform();
  if (choice < 0.1) return 'javascript';
  return choice < 0.3 && Kernel.runs('simd') ? 'simd' : Kernel.bestVariant();
}

function failureOf(
  check: Check,
  error: unknown,
  seed: number,
  { speakerSet, options }: CheckCase,
  strictness: number,
): ValidationFailure {
  return {
    property: error instanceof Violation ? error.property : 'exception',
    message: error instanceof Violation ? error.message : error instanceof Error ? (error.stack ?? '') : String(error),
    seed,
    speakerSet: check.isMeasurement
      ? '48 kHz, the bundled voices'
      : `${adaptationText(speakerSet)}, ${options.variant} kernel`,
    command: `unmingle validate --strictness ${strictness} --seed ${seed} --check ${check.name}`,
  };
}
