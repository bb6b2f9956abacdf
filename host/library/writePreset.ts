import { rename, rm } from 'node:fs/promises';
import { fileError } from '../files/fileErrors.ts';
import { isSameFile } from '../files/outputs.ts';
import type { WriteMode } from '../files/partialFile.ts';
import { writeTextFile } from '../files/writeTextFile.ts';
import { evidencePath, hasEvidence } from './evidenceFiles.ts';

/** Texts of a preset's file and of its evidence. */
export interface PresetTexts {
  readonly preset: string;
  /** null: there is none; `kept`: that of the replaced preset, which has the same weights. */
  readonly evidence: string | null | 'kept';
}

/**
 * Writes a preset and the evidence beside it. Evidence of the replaced preset would adapt the new one to the wrong voice, so it is removed.
 * @param replacedPath preset that is replaced, which may have a name that differs in case; `path` if only evidence is; null: nothing
 * @returns path of the evidence that was removed without another in its place; null: none
 * @throws InputError if a file cannot be written
 */
export async function writePreset(
  path: string,
  texts: PresetTexts,
  replacedPath: string | null,
): Promise<string | null> {
  const mode: WriteMode = replacedPath === null ? 'create' : 'replace';
  const evidence = evidencePath(path);
  await writeTextFile(path, texts.preset, mode);
  if (texts.evidence !== null && texts.evidence !== 'kept') await writeTextFile(evidence, texts.evidence, mode);
  if (replacedPath === null) return null;
  const oldEvidence = evidencePath(replacedPath);
  try {
    if (texts.evidence === 'kept' && oldEvidence !== evidence) await rename(oldEvidence, evidence).catch(ignoreMissing);
    if (replacedPath !== path && !(await isSameFile(replacedPath, path))) await rm(replacedPath, { force: true });
    if (!(await hasEvidence(replacedPath))) return null;
    if (texts.evidence !== null && (oldEvidence === evidence || (await isSameFile(oldEvidence, evidence)))) return null;
    await rm(oldEvidence);
    return texts.evidence === null ? oldEvidence : null;
  } catch (error) {
    throw fileError(error, 'cannot replace', replacedPath);
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
