import { join } from 'node:path';

/** The uploaded file; removed after the import. */
export function uploadPath(folder: string): string {
  return join(folder, 'upload');
}

/** The recording as one channel of 16 bits. */
export function mixturePath(folder: string): string {
  return join(folder, 'mixture.wav');
}

/** One level of the overview. */
export function overviewPath(folder: string, level: number): string {
  return join(folder, `overview-${level}`);
}

/** Presets and tracks of one separation. */
export function tracksFolder(folder: string, revision: number): string {
  return join(folder, `tracks-${revision}`);
}
