import type { Seconds } from '../core/units.ts';
import type { EmbeddingInference } from './EmbeddingInference.ts';
import { BLOCK_SECONDS, blocksIn, type SpeechBlock } from './SpeechBlocks.ts';
import { splitVoices } from './splitVoices.ts';
import { TargetActivityInference } from './TargetActivityInference.ts';

/** What may be wrong with recordings that should hold one person alone. */
export type EnrolmentFault = 'another voice' | 'other sound' | 'echo';

/** Faults of stretches from which nothing should be learnt. */
export const SPOILING_FAULTS: ReadonlySet<string> = new Set<EnrolmentFault>(['another voice', 'other sound']);

export interface EnrolmentFinding {
  readonly fault: EnrolmentFault;
  /** Index of the recording. */
  readonly recording: number;
  readonly startSeconds: Seconds;
  readonly endSeconds: Seconds;
}

/** Longer recordings are cut into stretches of `STRETCH_BLOCKS`, which overlap by half. */
const LONGEST_WHOLE_BLOCKS = blocksIn(9);
const STRETCH_BLOCKS = blocksIn(4);
/** Least share of speech in a stretch that is embedded, and least speech. */
const LEAST_SPEECH = 0.4;
const LEAST_SPEECH_BLOCKS = blocksIn(0.75);
/** Stretches that are compared with each other, evenly spread over more: the work grows with the cube of their number. */
const MOST_STRETCHES = 200;
/** Separation of two groups of stretches from which they are of two voices. */
const TWO_VOICES = 0.15;
/** Mean of `otherSound` from which all recordings together are suspicious, and from which a single one is, and a block. */
const OTHER_SOUND = 0.17;
const OTHER_SOUND_IN_RECORDING = 0.35;
const OTHER_SOUND_IN_BLOCK = 0.4;
/**
 * Mean probability that the voice and another one speak at once, from which all recordings together are suspicious, and from which a single
 * one is, and a block. The first is between what clean recordings have (0.054 at most) and those with another voice at -12 dB.
 */
const SECOND_VOICE = 0.065;
const SECOND_VOICE_IN_RECORDING = 0.2;
const SECOND_VOICE_IN_BLOCK = 0.4;
/** Faulty blocks so far apart are reported as one span. */
const LARGEST_GAP_BLOCKS = blocksIn(0.5);
/** Mean probability of reverberation from which a recording is reported. */
const REVERBERANT = 0.5;

/** Blocks `first` up to `end` of a recording. */
interface Span {
  readonly recording: number;
  readonly first: number;
  readonly end: number;
}

interface Stretch extends Span {
  readonly vector: Float32Array;
}

/**
 * Looks for what disturbs the training of one person's voice.
 * @param recordings [recordings][blocks]
 * @returns findings, in the order of the recordings; empty if all is well
 */
export function enrolmentFindings(
  recordings: readonly (readonly SpeechBlock[])[],
  inference: EmbeddingInference,
): EnrolmentFinding[] {
  const findings = otherVoices(recordings, inference);
  const all = recordings.flat();
  const leastOtherSound = sum(all, otherSound) > OTHER_SOUND * all.length ? OTHER_SOUND : OTHER_SOUND_IN_RECORDING;
  // What is of two people has no voice of its own beside which another one could speak.
  const besides = findings.length > 0 ? null : secondVoices(recordings, inference);
  const isBeside = besides !== null && meanOf(besides.flatMap((each) => [...each])) > SECOND_VOICE;
  const leastBeside = isBeside ? SECOND_VOICE : SECOND_VOICE_IN_RECORDING;
  recordings.forEach((blocks, recording) => {
    const report = (fault: EnrolmentFault, isFaulty: (block: SpeechBlock, index: number) => boolean) =>
      findings.push(...faultyRuns(blocks, isFaulty).map((run) => finding(fault, { recording, ...run })));
    const speech = sum(blocks, (block) => block.speech);
    const beside = besides?.[recording] ?? [];
    if (sum(blocks, otherSound) > leastOtherSound * blocks.length)
      report('other sound', (block) => otherSound(block) > OTHER_SOUND_IN_BLOCK);
    else if (meanOf(beside) > leastBeside) report('other sound', (_, index) => beside[index]! > SECOND_VOICE_IN_BLOCK);
    if (speech >= LEAST_SPEECH_BLOCKS && inference.embed(blocks).reverberation > REVERBERANT)
      report('echo', () => true);
  });
  return findings.sort((one, other) => one.recording - other.recording || one.startSeconds - other.startSeconds);
}

/** @returns [recordings][blocks] probability that the voice that all recordings have in common and another one speak at once */
function secondVoices(
  recordings: readonly (readonly SpeechBlock[])[],
  inference: EmbeddingInference,
): readonly Float32Array[] {
  const all = recordings.flat();
  if (sum(all, (block) => block.speech) < LEAST_SPEECH_BLOCKS)
    return recordings.map(({ length }) => new Float32Array(length));
  const voice = inference.embed(all).vector;
  const unknown = new Float32Array(voice.length);
  const network = new TargetActivityInference();
  return recordings.map((blocks) => {
    const { own, others } = network.activity(network.inputs(blocks, inference), voice, unknown);
    return own.map((chance, block) => chance * others[block]!);
  });
}

function otherVoices(
  recordings: readonly (readonly SpeechBlock[])[],
  inference: EmbeddingInference,
): EnrolmentFinding[] {
  const all = recordings.flatMap((blocks, recording) => stretchesOf(blocks, recording, inference));
  const spacing = Math.ceil(all.length / MOST_STRETCHES);
  const stretches = all.filter((_, index) => index % spacing === 0);
  if (stretches.length < 2) return [];
  const { isOther, separation } = splitVoices(stretches.map(({ vector }) => vector));
  if (separation < TWO_VOICES) return [];
  return joined(stretches.filter((_, index) => isOther[index])).map((span) => finding('another voice', span));
}

function stretchesOf(blocks: readonly SpeechBlock[], recording: number, inference: EmbeddingInference): Stretch[] {
  const length = blocks.length <= LONGEST_WHOLE_BLOCKS ? blocks.length : STRETCH_BLOCKS;
  const stretches: Stretch[] = [];
  for (let first = 0; first + length <= blocks.length && length > 0; first += STRETCH_BLOCKS / 2) {
    const part = blocks.slice(first, first + length);
    const speech = sum(part, (block) => block.speech);
    if (speech < LEAST_SPEECH_BLOCKS || speech < LEAST_SPEECH * length) continue;
    stretches.push({ recording, first, end: first + length, vector: inference.embed(part).vector });
  }
  return stretches;
}

/** Joins stretches that touch. */
function joined(stretches: readonly Span[]): Span[] {
  const spans: { recording: number; first: number; end: number }[] = [];
  for (const { recording, first, end } of stretches) {
    const last = spans.at(-1);
    if (last?.recording === recording && first <= last.end) last.end = Math.max(last.end, end);
    else spans.push({ recording, first, end });
  }
  return spans;
}

/** Runs of faulty blocks, joined over short gaps; all blocks, if the fault is spread so thinly that no block has it. */
function faultyRuns(
  blocks: readonly SpeechBlock[],
  isFaulty: (block: SpeechBlock, index: number) => boolean,
): readonly Pick<Span, 'first' | 'end'>[] {
  const runs: { first: number; end: number }[] = [];
  blocks.forEach((block, index) => {
    if (!isFaulty(block, index)) return;
    const last = runs.at(-1);
    if (last !== undefined && index - last.end <= LARGEST_GAP_BLOCKS) last.end = index + 1;
    else runs.push({ first: index, end: index + 1 });
  });
  return runs.length > 0 ? runs : [{ first: 0, end: blocks.length }];
}

function finding(fault: EnrolmentFault, { recording, first, end }: Span): EnrolmentFinding {
  return { fault, recording, startSeconds: first * BLOCK_SECONDS, endSeconds: end * BLOCK_SECONDS };
}

/** The network confuses a second voice with music and noise, so both count. */
function otherSound({ overlap, disturbance }: SpeechBlock): number {
  return overlap + disturbance;
}

function meanOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0) / Math.max(1, values.length);
}

function sum(blocks: readonly SpeechBlock[], measure: (block: SpeechBlock) => number): number {
  return blocks.reduce((total, block) => total + measure(block), 0);
}
