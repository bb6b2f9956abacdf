import { readFile, rm, stat } from 'node:fs/promises';
import { InputError } from '../../engine/core/errors.ts';
import { MAXIMUM_EVIDENCE_BYTES, parseEvidence } from '../../engine/model/SpeakerEvidence.ts';
import { fileError } from '../files/fileErrors.ts';
import { writeTextFile } from '../files/writeTextFile.ts';

export const EVIDENCE_EXTENSION = '.evidence.json';

/** @returns the path of a preset's evidence, which lies beside it */
export function evidencePath(presetPath: string): string {
  return presetPath.replace(/(\.unmingle)?\.json$/i, '') + EVIDENCE_EXTENSION;
}

/** @returns the text of a preset's evidence file; null if there is none @throws InputError if it is not valid evidence */
export async function readEvidence(presetPath: string): Promise<string | null> {
  const path = evidencePath(presetPath);
  const text = await readLimited(path, MAXIMUM_EVIDENCE_BYTES);
  if (text === null) return null;
  try {
    parseEvidence(text);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${path}: ${error.message}`) : error;
  }
  return text;
}

/** Writes a preset's evidence beside it; null removes the evidence of an earlier training. */
export async function writeEvidence(presetPath: string, text: string | null): Promise<void> {
  if (text !== null) await writeTextFile(evidencePath(presetPath), text);
  else await rm(evidencePath(presetPath), { force: true });
}

/** Reads a file after checking its size. @returns null if there is no such file @throws InputError if it is larger or cannot be read */
export async function readLimited(path: string, maximumBytes: number): Promise<string | null> {
  const facts = await stat(path).catch(() => null);
  if (facts === null) return null;
  if (!facts.isFile() || facts.size > maximumBytes) {
    throw new InputError(`${path}: must be a file of at most ${maximumBytes} bytes`);
  }
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw fileError(error, 'cannot read', path);
  }
}
