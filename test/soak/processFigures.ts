import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Figures of a process and its children from Linux's /proc, summed. */
export interface ProcessFigures {
  readonly residentBytes: number;
  /** Open files, sockets and pipes. */
  readonly files: number;
  readonly threads: number;
}

/** @throws Error if the process has ended */
export function processFigures(processId: number): ProcessFigures {
  const children = execFileSync('pgrep', ['-P', String(processId)], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number);
  const each = [processId, ...children].map((id) => {
    const status = readFileSync(`/proc/${id}/status`, 'utf8');
    return {
      residentBytes: 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(status)![1]),
      files: readdirSync(`/proc/${id}/fd`).length,
      threads: Number(/^Threads:\s+(\d+)/m.exec(status)![1]),
    };
  });
  const sum = (name: keyof ProcessFigures) => each.reduce((total, figures) => total + figures[name], 0);
  return { residentBytes: sum('residentBytes'), files: sum('files'), threads: sum('threads') };
}
