import type { Command } from 'commander';
import type { Dataset, DatasetSplit, MethodSettings, SeparationMethod } from '../lab/evaluation/index.ts';
import { integerOption, numberOption } from './optionValues.ts';
import { refuseOptions } from './unreadOptions.ts';

/** Options of `evaluate` that shape simulated conversations; each needs --conversation. */
export interface ConversationChoice {
  readonly conversation?: boolean;
  readonly talkers?: number;
  readonly overlap?: readonly number[];
  readonly levels?: number;
  readonly rt60?: number;
  readonly noise?: number;
}

/** A minute holds some twenty turns: enough for a median, short enough to evaluate twelve pairs in ten minutes. */
const CONVERSATION_SECONDS = 60;
const CONVERSATION_FLAGS = ['--talkers', '--overlap', '--levels', '--rt60', '--noise'];
const DEFAULTS = { talkers: 2, overlap: [0.25], levels: 6, rt60: 0 } as const;

export function addConversationOptions(command: Command): Command {
  return command
    .option('--conversation', 'separate simulated conversations of 60 s, with turns and pauses, instead of mixtures')
    .option('--talkers <2|3>', 'with --conversation: speakers in each (default: 2)', integerOption('--talkers', 2, 3))
    .option(
      '--overlap <percent,...>',
      'with --conversation: talking time in which turns overlap; one conversation each (default: 25)',
      overlapOption,
    )
    .option(
      '--levels <dB>',
      'with --conversation: speakers differ by up to this much either way (default: 6)',
      numberOption('--levels', 0, 20),
    )
    .option('--rt60 <seconds>', 'with --conversation: reverberation time (default: 0)', numberOption('--rt60', 0, 2))
    .option('--noise <dB>', 'with --conversation: speech level over white noise', numberOption('--noise', -20, 100));
}

/** @throws InputError for conversation options without --conversation, and for options that conversations do not read */
export function refuseUnreadOptions(command: Command, { conversation }: ConversationChoice): void {
  if (conversation === true) refuseOptions(command, ['--snr', '--fresh'], 'with --conversation');
  else refuseOptions(command, CONVERSATION_FLAGS, 'without --conversation');
}

/** What an evaluation produces, whatever it was measured on. */
export interface EvaluationOutcome {
  /** Written by --json. */
  readonly report: object;
  readonly text: () => string;
  /** SVG. */
  readonly plot: () => string;
}

export interface ConversationEvaluation {
  readonly dataset: Dataset;
  readonly split: DatasetSplit;
  readonly settings: MethodSettings;
  readonly methods: readonly SeparationMethod[];
  readonly groups: number | 'all';
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number, detail: string) => void;
}

/** Evaluates on simulated conversations. The picture shows the first of them. */
export async function evaluateOnConversations(
  { dataset, split, settings, methods, groups, threads, signal, onProgress }: ConversationEvaluation,
  choice: ConversationChoice,
): Promise<EvaluationOutcome> {
  const { evaluateConversations } = await import('../lab/conversation/evaluateConversations.ts');
  const { conversationReport } = await import('../lab/conversation/conversationReport.ts');
  const { conversationText } = await import('../lab/conversation/conversationText.ts');
  const { conversationPlot } = await import('../lab/conversation/conversationPlot.ts');
  const { speakerGroups } = await import('../lab/conversation/speakerGroups.ts');
  const conditions = (choice.overlap ?? DEFAULTS.overlap).map((overlap) => ({
    seconds: CONVERSATION_SECONDS,
    overlap,
    levelRangeDecibels: choice.levels ?? DEFAULTS.levels,
    reverberationSeconds: choice.rt60 ?? DEFAULTS.rt60,
    noiseSnrDecibels: choice.noise ?? null,
  }));
  const results = await evaluateConversations({
    groups: speakerGroups(dataset.speakers, choice.talkers ?? DEFAULTS.talkers, groups, settings.seed),
    methods,
    settings,
    conditions,
    threads,
    signal,
    onProgress,
  });
  const report = conversationReport(dataset, split, settings, conditions, results);
  const first = results[0];
  const pictured = results.filter(({ group, overlap }) => group === first?.group && overlap === first.overlap);
  return { report, text: () => conversationText(report), plot: () => conversationPlot(pictured) };
}

/** Percentages, separated by commas. @returns shares, 0 to 0.6 */
function overlapOption(text: string): readonly number[] {
  return text.split(',').map((item) => numberOption('--overlap', 0, 60)(item) / 100);
}
