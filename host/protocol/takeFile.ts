import * as v from 'valibot';
import { withoutByteOrderMark } from '../../engine/core/byteOrderMark.ts';
import { InputError } from '../../engine/core/errors.ts';
import type { Hertz, Samples, Seconds } from '../../engine/core/units.ts';

/** Name of the file that describes a take, in the folder of the take. */
export const TAKE_FILE_NAME = 'take.json';

/**
 * Description of a take. It is replaced as a whole at the start and end of the take, and whenever voices, latency or gaps change.
 * Positions are samples from the start of the take, in all of its files.
 */
export interface TakeFile {
  readonly format: 'unmingle-take';
  readonly version: 1;
  /** `recording` without a program that records: it was killed, and the files end where it was. */
  readonly state: 'recording' | 'complete' | 'broken-off';
  /** Why the take was broken off; else null. */
  readonly reason: string | null;
  /** Time of the first sample, ISO 8601 in UTC. */
  readonly startTime: string;
  readonly sampleRateHertz: Hertz;
  /** Length of each file; null while recording. */
  readonly samples: Samples | null;
  readonly seconds: Seconds | null;
  /** Names of the files in the same folder that hold no single voice. At each sample, voices and rest sum to the mixture. */
  readonly files: {
    /** The input, delayed by the latency; the sum of its channels, if each voice has one. */
    readonly mixture: string;
    /** What is in no voice's file. */
    readonly rest: string;
    /** What was played: voices and rest through their faders. */
    readonly mix: string;
  };
  /** In the order in which they were first heard. */
  readonly voices: readonly TakeVoice[];
  readonly latencies: readonly TakeLatency[];
  readonly gaps: readonly TakeGap[];
}

/** One voice, from when it was loaded to when it was unloaded. */
export interface TakeVoice {
  /** The `id` of its strip. */
  readonly id: number;
  /** Name of its preset when it was first heard in the take. */
  readonly name: string;
  /** Identifies the preset whatever its name; null if unknown. */
  readonly presetHash: string | null;
  /** Name of its file in the same folder; silent outside `heard`. */
  readonly file: string;
  readonly heard: readonly TakeInterval[];
}

/** Includes the fades in and out, in which two sets of voices are heard. */
export interface TakeInterval {
  readonly fromSample: Samples;
  /** The first sample after it; null: it lasts until the end of the take. */
  readonly toSample: Samples | null;
  readonly fromSeconds: Seconds;
  readonly toSeconds: Seconds | null;
}

/** Delay of all files behind the input, from a sample on. */
export interface TakeLatency {
  readonly fromSample: Samples;
  readonly fromSeconds: Seconds;
  readonly latencySamples: Samples;
  readonly latencySeconds: Seconds;
}

/** Sound that is missing in all files, before `atSample`, because the disk was too slow. */
export interface TakeGap {
  readonly atSample: Samples;
  readonly atSeconds: Seconds;
  readonly missingSamples: Samples;
  readonly missingSeconds: Seconds;
}

const position = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const duration = v.pipe(v.number(), v.finite(), v.minValue(0));
/** Never a path. */
const fileName = v.pipe(v.string(), v.regex(/^[^/\\]+\.wav$/));

const SCHEMA: v.GenericSchema<unknown, TakeFile> = v.object({
  format: v.literal('unmingle-take'),
  version: v.literal(1),
  state: v.picklist(['recording', 'complete', 'broken-off']),
  reason: v.nullable(v.string()),
  startTime: v.pipe(v.string(), v.isoTimestamp()),
  sampleRateHertz: v.pipe(v.number(), v.minValue(1)),
  samples: v.nullable(position),
  seconds: v.nullable(duration),
  files: v.object({ mixture: fileName, rest: fileName, mix: fileName }),
  voices: v.array(
    v.object({
      id: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
      name: v.string(),
      presetHash: v.nullable(v.string()),
      file: fileName,
      heard: v.array(
        v.object({
          fromSample: position,
          toSample: v.nullable(position),
          fromSeconds: duration,
          toSeconds: v.nullable(duration),
        }),
      ),
    }),
  ),
  latencies: v.array(
    v.object({ fromSample: position, fromSeconds: duration, latencySamples: position, latencySeconds: duration }),
  ),
  gaps: v.array(
    v.object({ atSample: position, atSeconds: duration, missingSamples: position, missingSeconds: duration }),
  ),
});

/** Reads the text of a take file. @throws InputError with the first invalid field */
export function parseTakeFile(text: string): TakeFile {
  let value: unknown;
  try {
    value = JSON.parse(withoutByteOrderMark(text));
  } catch {
    throw new InputError('a take file must be JSON');
  }
  const result = v.safeParse(SCHEMA, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new InputError(`take file, ${v.getDotPath(issue) ?? 'whole'}: ${issue.message}`);
}

/** @throws InputError with the first invalid field */
export function serializeTakeFile(take: TakeFile): string {
  const text = `${JSON.stringify(take, null, 2)}\n`;
  parseTakeFile(text);
  return text;
}
