import * as v from 'valibot';
import { InputError } from '../../engine/core/errors.ts';
import { HOST_ERROR, type HostError } from './hostError.ts';
import {
  RECORDING_OVERVIEW,
  RECORDING_SEGMENTS,
  type RecordingOverviewFacts,
  type RecordingSegments,
} from './recordingState.ts';

/** Answers of the host to HTTP requests, in JSON. */
export interface HttpAnswers {
  /** To `POST /token`. */
  readonly token: { readonly token: string };
  /** To `POST /code`: a login code. */
  readonly code: { readonly code: string };
  /** To `POST /presets`: the name in the imported file. */
  readonly imported: { readonly name: string };
  /** To `POST /recording`: the id of the recording. */
  readonly opened: { readonly id: number };
  /** To `GET /recording/segments`. */
  readonly segments: RecordingSegments;
  /** To `GET /recording/ID/overview` without a query. */
  readonly overview: RecordingOverviewFacts;
  /** To any request that is refused. */
  readonly refusal: {
    /** `message` and `remedy` of the error, for people. */
    readonly reason: string;
    readonly error: HostError;
  };
}

const SCHEMAS: { readonly [Name in keyof HttpAnswers]: v.GenericSchema<unknown, HttpAnswers[Name]> } = {
  token: v.object({ token: v.string() }),
  code: v.object({ code: v.string() }),
  imported: v.object({ name: v.string() }),
  opened: v.object({ id: v.number() }),
  segments: RECORDING_SEGMENTS,
  overview: RECORDING_OVERVIEW,
  refusal: v.object({ reason: v.string(), error: HOST_ERROR }),
};

/** Checks an answer of the host. @throws InputError if it does not have the form of `name` */
export function checkHttpAnswer<Name extends keyof HttpAnswers>(name: Name, answer: unknown): HttpAnswers[Name] {
  const schema: v.GenericSchema<unknown, HttpAnswers[Name]> = SCHEMAS[name];
  const result = v.safeParse(schema, answer, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new InputError(`answer of the host, ${v.getDotPath(issue) ?? 'whole'}: ${issue.message}`);
}
