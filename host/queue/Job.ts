import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { InputError } from '../../engine/core/errors.ts';
import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import { TRAINING_TRANSFORMS } from '../../engine/model/Preset.ts';
import { TRAINING_RANGES } from '../../engine/model/trainingRanges.ts';
import { TRACK_FORMATS } from '../audio/trackFormats.ts';
import { packageVersion } from '../files/packageRoot.ts';
import { FIELDS, SAMPLE_RATE_RANGE_HERTZ } from '../protocol/fields.ts';
import { addressProblem, newNameProblem, storageAddress } from './StorageAddress.ts';

const ADDRESS = v.pipe(
  v.string(),
  v.check(
    (text) => addressProblem(text) === null,
    ({ input }) => addressProblem(input) ?? '',
  ),
  v.transform(storageAddress),
);
/** One name of an address: a file or folder. */
const FILE_NAME = v.pipe(
  v.string(),
  v.check(
    (text) => newNameProblem(text) === null,
    ({ input }) => newNameProblem(input) ?? '',
  ),
);
/** A file that a job reads, and what it contained when the job was made: the job ends in an error if it has changed since. */
const INPUT = v.strictObject({
  address: ADDRESS,
  /** `sha256:` of the content; in S3 the object's `etag:`. */
  fingerprint: v.pipe(v.string(), v.regex(/^(sha256:[0-9a-f]{64}|etag:[\w-]{1,128})$/)),
});
const TEXT = v.pipe(v.string(), v.maxLength(10_000));

function ranged({ minimum, maximum }: { readonly minimum: number; readonly maximum: number }) {
  return v.pipe(v.number(), v.finite(), v.minValue(minimum), v.maxValue(maximum));
}
function whole(range: { readonly minimum: number; readonly maximum: number }) {
  return v.pipe(ranged(range), v.integer());
}

const COMMON = {
  /** Version of the program that made the job. Another version might compute another result, and refuses it. */
  program: v.pipe(v.string(), v.maxLength(64)),
  /** Folder of the results. */
  output: ADDRESS,
} as const;

const TRAIN_JOB = v.strictObject({
  ...COMMON,
  kind: v.literal('train'),
  /** Name of the speaker. */
  name: FIELDS.presetName,
  /** Recordings of the speaker. */
  inputs: v.pipe(v.array(INPUT), v.minLength(1), v.maxLength(10_000)),
  /** ISO 8601 date that the preset states. Not part of the job's id. */
  created: v.pipe(v.string(), v.isoDate()),
  options: v.strictObject({
    templates: whole(TRAINING_RANGES.templates),
    seconds: ranged(TRAINING_RANGES.seconds),
    updates: whole(TRAINING_RANGES.updates),
    seed: whole(TRAINING_RANGES.seed),
    notes: TEXT,
    licence: TEXT,
    channel: v.nonNullable(FIELDS.inputChannel),
    clean: FIELDS.flag,
    evidence: FIELDS.flag,
  }),
});

const SEPARATE_JOB = v.strictObject({
  ...COMMON,
  kind: v.literal('separate'),
  /** Name of the folder for the voices of this recording. */
  name: FILE_NAME,
  /** The recording. */
  inputs: v.pipe(v.array(INPUT), v.length(1)),
  /** Presets of the speakers; none: the voices are found in the recording. */
  speakers: v.pipe(
    v.array(v.strictObject({ preset: INPUT, evidence: v.nullable(INPUT) })),
    v.maxLength(MAXIMUM_SPEAKERS),
  ),
  options: v.strictObject({
    voices: v.union([v.literal('auto'), FIELDS.recordingVoices]),
    names: v.nullable(v.pipe(v.array(FIELDS.presetName), v.maxLength(MAXIMUM_SPEAKERS))),
    rest: FIELDS.flag,
    offline: FIELDS.flag,
    adaptation: FIELDS.flag,
    format: v.picklist(TRACK_FORMATS),
    latency: FIELDS.latency,
    windowSeconds: FIELDS.windowSeconds,
    channel: v.nonNullable(FIELDS.inputChannel),
  }),
});

const EVALUATE_JOB = v.strictObject({
  ...COMMON,
  kind: v.literal('evaluate'),
  name: FILE_NAME,
  /** Recordings of the speaker to train, or of two speakers to mix. */
  inputs: v.pipe(v.array(INPUT), v.minLength(1), v.maxLength(10_000)),
  /** Name of a separation method. */
  method: v.pipe(v.string(), v.maxLength(64)),
  step: v.variant('type', [
    v.strictObject({ type: v.literal('train'), speaker: v.pipe(v.string(), v.maxLength(255)) }),
    v.strictObject({
      type: v.literal('separate'),
      /** Number of inputs that are of the first speaker. */
      firstInputs: whole({ minimum: 1, maximum: 10_000 }),
      /** Results of the training of both; null: the method has none. */
      speakers: v.strictTuple([v.nullable(INPUT), v.nullable(INPUT)]),
      snrDecibels: ranged({ minimum: -60, maximum: 60 }),
    }),
  ]),
  options: v.strictObject({
    sampleRateHertz: ranged(SAMPLE_RATE_RANGE_HERTZ),
    latency: FIELDS.latency,
    windowSeconds: FIELDS.windowSeconds,
    templates: whole(TRAINING_RANGES.templates),
    seed: whole(TRAINING_RANGES.seed),
    transform: v.nullable(v.picklist(TRAINING_TRANSFORMS)),
    channel: v.nonNullable(FIELDS.inputChannel),
  }),
});

const JOB = v.variant('kind', [TRAIN_JOB, SEPARATE_JOB, EVALUATE_JOB]);

/** What one job of a batch does: plain data that may come over the network, so it holds no code and no path outside the storage. */
export type Job = v.InferOutput<typeof JOB>;
export type TrainJob = Extract<Job, { kind: 'train' }>;
export type EvaluateJob = Extract<Job, { kind: 'evaluate' }>;
export type SeparateJob = Extract<Job, { kind: 'separate' }>;
/** A file that a job reads. */
export type JobInput = v.InferOutput<typeof INPUT>;
export type JobKind = Job['kind'];

/**
 * Checks a job from the network.
 * @throws InputError that names the wrong field, or the version if another program made the job
 */
export function parseJob(value: unknown): Job {
  const program = v.safeParse(v.object({ program: v.string() }), value);
  if (program.success && program.output.program !== packageVersion()) {
    const made = JSON.stringify(program.output.program.slice(0, 64));
    throw new InputError(`the job was made by version ${made} of unmingle, and this is ${packageVersion()}`);
  }
  const { success, output, issues } = v.safeParse(JOB, value, { abortEarly: true });
  if (success) return output;
  const [issue] = issues;
  throw new InputError(`the job is not valid: ${v.getDotPath(issue) ?? 'it'}: ${issue.message.slice(0, 200)}`);
}

/**
 * SHA-256 of everything that the result of a job depends on, in hexadecimal digits: equal jobs have equal ids, on whatever machine they are
 * made.
 */
export function jobId(job: Job): string {
  return createHash('sha256').update(canonicalText(job)).digest('hex');
}

/** @returns JSON with the keys in order, without the date */
function canonicalText(job: Job): string {
  return JSON.stringify(job, (key, value: unknown) => {
    if (key === 'created') return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  });
}

/** All files that a job reads. */
export function inputsOf(job: Job): JobInput[] {
  return [...job.inputs, ...trainedInputs(job).filter((input) => input !== null)];
}

function trainedInputs(job: Job): readonly (JobInput | null)[] {
  if (job.kind === 'separate') return job.speakers.flatMap(({ preset, evidence }) => [preset, evidence]);
  return job.kind === 'evaluate' && job.step.type === 'separate' ? job.step.speakers : [];
}
