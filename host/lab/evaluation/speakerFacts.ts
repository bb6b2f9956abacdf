import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutByteOrderMark } from '../../../engine/core/byteOrderMark.ts';
import { InputError } from '../../../engine/core/errors.ts';
import { fileError } from '../../files/fileErrors.ts';

export const SEXES = ['female', 'male'] as const;
export type Sex = (typeof SEXES)[number];

const FILE_NAME = 'speakers.json';

/**
 * Reads `{"<speaker>": {"sex": "female" | "male"}, ...}`; other fields are ignored.
 * @param speakersFile Default: the folder's speakers.json, if it exists
 * @returns sex by speaker
 * @throws InputError for an unreadable file, or one with another value, naming the speaker
 */
export async function readSpeakerFacts(folder: string, speakersFile?: string): Promise<ReadonlyMap<string, Sex>> {
  const path = speakersFile ?? join(folder, FILE_NAME);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (speakersFile === undefined && isMissing(error)) return new Map();
    throw fileError(error, 'cannot read', path);
  }
  return parseSpeakerFacts(text, path);
}

function parseSpeakerFacts(text: string, path: string): ReadonlyMap<string, Sex> {
  let content: unknown;
  try {
    content = JSON.parse(withoutByteOrderMark(text));
  } catch {
    throw new InputError(`${path} is not valid JSON`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new InputError(`${path}: must be an object with an entry for each speaker`);
  }
  const facts = new Map<string, Sex>();
  for (const [speaker, entry] of Object.entries(content as Record<string, unknown>)) {
    const value = typeof entry === 'object' && entry !== null && 'sex' in entry ? entry.sex : undefined;
    const sex = SEXES.find((candidate) => candidate === value);
    if (sex === undefined) {
      throw new InputError(`${path}: "${speaker}".sex must be "female" or "male", got ${JSON.stringify(value)}`);
    }
    facts.set(speaker, sex);
  }
  return facts;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
