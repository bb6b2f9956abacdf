import { setImmediate } from 'node:timers/promises';
import { LevelTrack } from '../../engine/channels/LevelTrack.ts';
import { InputError } from '../../engine/core/errors.ts';
import type { Seconds } from '../../engine/core/units.ts';
import { EMBEDDING_RATE_HERTZ } from '../../engine/embedding/EmbeddingFeatures.ts';
import { EmbeddingInference } from '../../engine/embedding/EmbeddingInference.ts';
import { type EnrolmentFault, enrolmentFindings, SPOILING_FAULTS } from '../../engine/embedding/enrolmentFindings.ts';
import { type SpeechBlock, SpeechBlocks } from '../../engine/embedding/SpeechBlocks.ts';
import type { SpeakerEmbedding } from '../../engine/model/SpeakerEmbedding.ts';
import { amountHints, SpeechMeter } from '../../engine/realtime/SpeechMeter.ts';
import { personEmbedding } from '../../engine/recording/personEmbedding.ts';
import { SignalResampler } from '../audio/SignalResampler.ts';
import { clockText } from './clockText.ts';
import type { TrainingRecording } from './trainingRecordings.ts';

/** Analysed in one go; other work runs in between. */
const PIECE_SECONDS: Seconds = 1;
/** Clipped frames of 20 ms from which a recording is reported. */
const CLIPPED_FRAMES = 3;
/** Spans named in a remark; of more, only the number. */
const NAMED_SPANS = 3;
/** Another voice in more than this part of a recording is another person's recording. */
const WHOLE_SHARE = 0.8;

const LEAST_PART_SECONDS: Seconds = 0.5;

const ADVICE: Readonly<Record<EnrolmentFault | 'clipped' | 'too quiet', string>> = {
  'another voice': 'only one person should be heard',
  'other sound': 'another voice, music or noise beside the voice spoils its templates',
  echo: 'come nearer to the microphone',
  clipped: 'turn the microphone down',
  'too quiet': 'come nearer or turn the microphone up',
};

/** Part of a recording that should not be learnt from, or is worse than it could be. */
export interface EnrolmentProblem {
  readonly fault: keyof typeof ADVICE;
  /** Index of the recording, in the order in which they were added. */
  readonly recording: number;
  readonly startSeconds: Seconds;
  readonly endSeconds: Seconds;
}

/** Checks recordings of one person before training: is anybody or anything else heard, and are they loud and long enough? */
export class EnrolmentCheck {
  private readonly inference = new EmbeddingInference();
  private recordings: TrainingRecording[] = [];
  /** By recording, as the next two. */
  private blocks: SpeechBlock[][] = [];
  private levels: EnrolmentProblem[][] = [];
  private speechSeconds: Seconds[] = [];
  private found: readonly EnrolmentProblem[] = [];

  /** @param signal aborts between two seconds of sound */
  async add(recordings: readonly TrainingRecording[], signal?: AbortSignal): Promise<void> {
    const resampler = new SignalResampler(EMBEDDING_RATE_HERTZ);
    try {
      for (const recording of recordings) {
        const samples = await resampler.convert(recording.samples, recording.sampleRateHertz);
        this.blocks.push(await this.speechBlocks(samples, signal));
        this.measureLevel(recording);
        this.recordings.push(recording);
      }
    } finally {
      resampler.close();
    }
    this.judge();
  }

  /** Takes the recordings of this name back. */
  remove(name: string): void {
    const isKept = (_: unknown, index: number) => this.recordings[index]!.name !== name;
    this.blocks = this.blocks.filter(isKept);
    this.speechSeconds = this.speechSeconds.filter(isKept);
    this.levels = this.levels
      .filter(isKept)
      .map((problems, recording) => problems.map((problem) => ({ ...problem, recording })));
    this.recordings = this.recordings.filter((recording) => recording.name !== name);
    this.judge();
  }

  private judge(): void {
    this.found = [...enrolmentFindings(this.blocks, this.inference), ...this.levels.flat()].sort(
      (one, other) => one.recording - other.recording || one.startSeconds - other.startSeconds,
    );
  }

  /** In the order of the recordings. */
  get problems(): readonly EnrolmentProblem[] {
    return this.found;
  }

  /** One line for the user for each fault of a file, and on the amount of speech; empty if all is well. */
  get remarks(): string[] {
    const groups = new Map<string, EnrolmentProblem[]>();
    for (const problem of this.problems) {
      const key = `${this.recordings[problem.recording]!.name}\n${problem.fault}`;
      groups.set(key, [...(groups.get(key) ?? []), problem]);
    }
    return [
      ...[...groups.values()].map((problems) => this.remarkOn(problems)),
      ...amountHints(this.speechSeconds.reduce((sum, seconds) => sum + seconds, 0)),
    ];
  }

  /** Whether `cleaned` leaves anything out. */
  get canClean(): boolean {
    return this.problems.some(({ fault }) => SPOILING_FAULTS.has(fault));
  }

  /** Embedding of the speech that is free of other voices, music and noise; null if there is too little of it. */
  get embedding(): SpeakerEmbedding | null {
    return personEmbedding(this.blocks, this.problems, this.inference);
  }

  /**
   * The recordings without other voices, music and noise.
   * @throws InputError if nothing is left
   */
  cleaned(): TrainingRecording[] {
    const spoilt = this.problems.filter(({ fault }) => SPOILING_FAULTS.has(fault));
    const cleaned = this.recordings.flatMap((recording, index) =>
      withoutSpans(
        recording,
        spoilt.filter((problem) => problem.recording === index),
      ),
    );
    if (cleaned.length === 0)
      throw new InputError(
        'no part of the recordings is free of other voices, music and noise: record the voice alone',
      );
    return cleaned;
  }

  /** @param samples at `EMBEDDING_RATE_HERTZ` */
  private async speechBlocks(samples: Float32Array, signal?: AbortSignal): Promise<SpeechBlock[]> {
    const speech = new SpeechBlocks(this.inference);
    const piece = PIECE_SECONDS * EMBEDDING_RATE_HERTZ;
    for (let start = 0; start < samples.length; start += piece) {
      signal?.throwIfAborted();
      speech.add(samples.subarray(start, start + piece));
      await setImmediate();
    }
    speech.finish();
    return speech.blocks;
  }

  private remarkOn(problems: readonly EnrolmentProblem[]): string {
    const { fault, recording } = problems[0]!;
    const { name } = this.recordings[recording]!;
    const isWhole = this.coveredShare(name, problems) > WHOLE_SHARE;
    if (fault === 'another voice' && isWhole) return `${name}: sounds like another person than the other recordings`;
    const spans = problems
      .slice(0, NAMED_SPANS)
      .map((problem) => this.spanText(problem))
      .join(', ');
    const more = problems.length > NAMED_SPANS ? ` and in ${problems.length - NAMED_SPANS} other places` : '';
    return `${name}: ${fault}${isWhole ? '' : ` at ${spans}${more}`}: ${ADVICE[fault]}`;
  }

  /** Part of the sound of a file that problems cover, 0 to 1. */
  private coveredShare(name: string, problems: readonly EnrolmentProblem[]): number {
    const total = this.recordings
      .filter((recording) => recording.name === name)
      .reduce((sum, { samples, sampleRateHertz }) => sum + samples.length / sampleRateHertz, 0);
    return problems.reduce((sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds, 0) / total;
  }

  /** Times in the file, not in the part of it that was used. */
  private spanText({ recording, startSeconds, endSeconds }: EnrolmentProblem): string {
    const offset = this.recordings[recording]!.startSeconds;
    return `${clockText(offset + startSeconds, 0)} to ${clockText(offset + endSeconds, 0)}`;
  }

  private measureLevel({ samples, sampleRateHertz }: TrainingRecording): void {
    const recording = this.recordings.length;
    const meter = new SpeechMeter(sampleRateHertz);
    meter.add(samples);
    this.speechSeconds.push(meter.speechSeconds);
    const levels: EnrolmentProblem[] = [];
    this.levels.push(levels);
    if (meter.isTooQuiet)
      levels.push({
        fault: 'too quiet',
        recording,
        startSeconds: 0,
        endSeconds: samples.length / sampleRateHertz,
      });
    const track = new LevelTrack(sampleRateHertz);
    track.add(samples);
    const clipped = Array.from({ length: track.frames }, (_, frame) => frame).filter(
      (frame) => track.decibels(frame) === null,
    );
    if (clipped.length < CLIPPED_FRAMES) return;
    const seconds = (frame: number) => (frame * track.frameSamples) / sampleRateHertz;
    const startSeconds = seconds(clipped[0]!);
    levels.push({ fault: 'clipped', recording, startSeconds, endSeconds: seconds(clipped.at(-1)! + 1) });
  }
}

/** @param spans in order, may overlap @returns the parts between them that are long enough to learn from */
function withoutSpans(recording: TrainingRecording, spans: readonly EnrolmentProblem[]): TrainingRecording[] {
  const { samples, sampleRateHertz, startSeconds } = recording;
  const parts: TrainingRecording[] = [];
  let position = 0;
  const keepTo = (end: Seconds) => {
    if (end - position < LEAST_PART_SECONDS) return;
    const part = samples.slice(Math.round(position * sampleRateHertz), Math.round(end * sampleRateHertz));
    parts.push({ ...recording, samples: part, startSeconds: startSeconds + position });
  };
  for (const span of spans) {
    keepTo(span.startSeconds);
    position = Math.max(position, span.endSeconds);
  }
  keepTo(samples.length / sampleRateHertz);
  return parts;
}
