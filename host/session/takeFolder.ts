import { join } from 'node:path';
import { pathExists } from '../files/outputs.ts';

/** @returns path of a folder that does not exist yet, named by the time; a second take within the same second gets a number */
export function takeFolder(recordingFolder: string, now = new Date()): string {
  const first = join(recordingFolder, timeName(now));
  let folder = first;
  for (let take = 2; pathExists(folder); take++) folder = `${first}-${take}`;
  return folder;
}

/** For example 2026-11-22-14.30.05: sorts by time, and is a valid file name on every system. */
function timeName(now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `${day}-${two(now.getHours())}.${two(now.getMinutes())}.${two(now.getSeconds())}`;
}
