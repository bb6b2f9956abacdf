import { textTable } from '../../files/textTable.ts';
import {
  CONVERSATION_SCORES,
  type ConversationReport,
  type ConversationScoreName,
  type ConversationSummary,
  type ScoreSummary,
} from './conversationReport.ts';

const LEGEND = `each cell: median / 10th percentile / worst conversation
leak: level of a silent speaker's track over the talker's voice; solo, overlap: SI-SDR where one talks, where several talk
onset: attenuation of a voice in its first 60 ms; confused: share of solo passages in the wrong track
silence: loudest track while nobody talks, over a talking voice; STOI: of each track over the whole conversation`;

/** What `evaluate --conversation` prints. */
export function conversationText(report: ConversationReport): string {
  const { settings, conditions, speakers, split, results } = report;
  const groups = new Set(results.map(({ group }) => group)).size;
  const lines = [
    `${groups} groups of ${speakers.length} speakers (${split.train} recordings train, ${split.test} test), ${settings.sampleRateHertz} Hz`,
    `window ${settings.windowSamples} samples, latency ${settings.latencyMilliseconds.toFixed(1)} ms, ${settings.templates} templates, seed ${settings.seed}`,
    ...conditions.map(
      ({ seconds, overlap, levelRangeDecibels, reverberationSeconds, noiseSnrDecibels }) =>
        `${seconds} s, ${Math.round(100 * overlap)} % overlap, levels +-${levelRangeDecibels} dB, ${reverberationSeconds === 0 ? 'dry' : `RT60 ${reverberationSeconds} s`}, ${noiseSnrDecibels === null ? 'no noise' : `noise at ${noiseSnrDecibels} dB`}`,
    ),
  ];
  for (const sex of new Set(report.summaries.map((summary) => summary.sex))) {
    const summaries = report.summaries.filter((summary) => summary.sex === sex);
    lines.push('', sex, ...textTable([header(), ...summaries.map(summaryRow)]));
  }
  const [first] = report.differences;
  if (first !== undefined) {
    lines.push('', `paired differences from ${first.minus}: mean +- standard error`);
    lines.push(...textTable([header(), ...report.differences.map(differenceRow)]));
  }
  return [...lines, '', LEGEND].join('\n');
}

function header(): string[] {
  return ['', ...CONVERSATION_SCORES.map(({ label }) => label)];
}

function summaryRow({ method, scores }: ConversationSummary): string[] {
  return [method, ...CONVERSATION_SCORES.map(({ name, digits }) => summaryCell(scores[name], digits))];
}

function summaryCell(summary: ScoreSummary | null, digits: number): string {
  if (summary === null) return '-';
  const { median, tenthPercentile, worst } = summary;
  return [median, tenthPercentile, worst].map((value) => value.toFixed(digits)).join(' / ');
}

function differenceRow({ method, scores }: ConversationReport['differences'][number]): string[] {
  const cell = (name: ConversationScoreName, digits: number) => {
    const difference = scores[name];
    if (difference === null) return '-';
    const { mean, standardError } = difference;
    const sign = mean >= 0 ? '+' : '';
    return `${sign}${mean.toFixed(digits)}${standardError === null ? '' : ` +- ${standardError.toFixed(digits)}`}`;
  };
  return [method, ...CONVERSATION_SCORES.map(({ name, digits }) => cell(name, digits))];
}
