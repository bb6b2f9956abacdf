import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** @returns a folder that is not there yet, named by the time; within a second of another take by a number as well */
export function takeFolder(recordingFolder: string, now = new Date()): string {
  const first = join(recordingFolder, timeName(now));
  let folder = first;
  for (let take = 2; existsSync(folder); take++) folder = `${first}-${take}`;
  return folder;
}

/** 2026-11-22-14.30.05: sorts, and is a file name everywhere. */
function timeName(now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `${day}-${two(now.getHours())}.${two(now.getMinutes())}.${two(now.getSeconds())}`;
}
