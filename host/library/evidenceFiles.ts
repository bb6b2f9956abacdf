import { readFile, stat } from 'node:fs/promises';
import { InputError } from '../../engine/core/errors.ts';
import { MAXIMUM_EVIDENCE_BYTES, parseEvidence } from '../../engine/model/SpeakerEvidence.ts';
import { fileError } from '../files/fileErrors.ts';

export const EVIDENCE_EXTENSION = '.evidence.json';

/** Path of a preset's evidence: beside the preset, with another extension. */
export function evidencePath(presetPath: string): string {
  return presetPath.replace(/(\.unmingle)?\.json$/i, '') + EVIDENCE_EXTENSION;
}

/** @returns the checked text of a preset's evidence; null if there is no such file @throws InputError if it is invalid */
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

/** Whether there is a file of evidence beside the preset; it may be damaged. */
export async function hasEvidence(presetPath: string): Promise<boolean> {
  const facts = await stat(evidencePath(presetPath)).catch(() => null);
  return facts?.isFile() ?? false;
}

/** Reads a text file after checking its size. @returns null if there is no such file @throws InputError if it is too large */
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
