import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** Processor time of a process and all its children so far, in seconds, by process. */
export function processorSeconds(processId: number): { main: number; children: number } {
  const children = execFileSync('pgrep', ['-P', String(processId)], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number);
  return {
    main: secondsOf(processId),
    children: children.reduce((total, child) => total + secondsOf(child), 0),
  };
}

function secondsOf(processId: number): number {
  // The second field, the name in parentheses, may hold spaces.
  const fields = readFileSync(`/proc/${processId}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
