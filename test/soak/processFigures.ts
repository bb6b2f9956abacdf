import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Figures of a process and its children from Linux's /proc, summed. */
export interface ProcessFigures {
  readonly residentBytes: number;
  /** Open files, sockets and pipes. */
  readonly files: number;
  readonly threads: number;
}

/** Children that end while they are looked at do not count. @throws Error if the process itself has ended */
export function processFigures(processId: number): ProcessFigures {
  const children = childrenOf(processId);
  const own = figuresOf(processId);
  if (own === null) throw new Error(`process ${processId} has ended`);
  const each = [own, ...children.map(figuresOf).filter((figures) => figures !== null)];
  const sum = (name: keyof ProcessFigures) => each.reduce((total, figures) => total + figures[name], 0);
  return { residentBytes: sum('residentBytes'), files: sum('files'), threads: sum('threads') };
}

/**
 * What the open files of a process and its children are: paths, or kinds such as "socket" without their numbers.
 * @returns how many there are of each
 */
export function openFiles(processId: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const id of [processId, ...childrenOf(processId)]) {
    for (const file of readdirSync(`/proc/${id}/fd`)) {
      const target = linkTarget(`/proc/${id}/fd/${file}`)?.replace(/:\[\d+\]$/, '');
      if (target !== undefined) counts.set(target, (counts.get(target) ?? 0) + 1);
    }
  }
  return counts;
}

/** @returns undefined for a file that has been closed since it was listed */
function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function childrenOf(processId: number): number[] {
  return execFileSync('pgrep', ['-P', String(processId)], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number);
}

/** @returns null for a process that has ended, also if its parent has not read its exit code yet */
function figuresOf(id: number): ProcessFigures | null {
  try {
    const status = readFileSync(`/proc/${id}/status`, 'utf8');
    const resident = /^VmRSS:\s+(\d+)/m.exec(status)?.[1];
    const threads = /^Threads:\s+(\d+)/m.exec(status)?.[1];
    if (resident === undefined || threads === undefined) return null;
    return {
      residentBytes: 1024 * Number(resident),
      files: readdirSync(`/proc/${id}/fd`).length,
      threads: Number(threads),
    };
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return null;
    throw error;
  }
}
