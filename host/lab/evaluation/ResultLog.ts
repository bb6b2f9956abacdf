import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileError } from '../../files/fileErrors.ts';
import type { SeparatedPair } from './evaluationMessages.ts';
import { SCORES } from './scores.ts';

/** Result of one method for one pair: a line of the log. */
export interface LoggedResult extends SeparatedPair {
  readonly method: string;
  readonly pair: string;
}

/** Finished results on disk, one JSON line each, so that an interrupted run can be resumed. */
export class ResultLog {
  readonly path: string;
  private readonly results = new Map<string, LoggedResult>();

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * @param isFresh deletes earlier results
   * @throws InputError if the file cannot be read or its folder cannot be created
   */
  static async open(path: string, isFresh: boolean): Promise<ResultLog> {
    const log = new ResultLog(path);
    try {
      await mkdir(dirname(path), { recursive: true });
      if (isFresh) await rm(path, { force: true });
      // Ends a line that an interrupted run may have left half-written.
      await appendFile(path, '\n');
      for (const line of (await readFile(path, 'utf8')).split('\n')) {
        const result = parseLine(line);
        if (result !== null) log.results.set(keyOf(result.method, result.pair), result);
      }
    } catch (error) {
      throw fileError(error, 'cannot keep results in', path);
    }
    return log;
  }

  find(method: string, pair: string): LoggedResult | null {
    return this.results.get(keyOf(method, pair)) ?? null;
  }

  async append(result: LoggedResult): Promise<void> {
    this.results.set(keyOf(result.method, result.pair), result);
    try {
      await appendFile(this.path, `${JSON.stringify(result)}\n`);
    } catch (error) {
      throw fileError(error, 'cannot keep results in', this.path);
    }
  }
}

function keyOf(method: string, pair: string): string {
  return `${method} ${pair}`;
}

/** @returns null for an empty, truncated or damaged line; its result is computed again */
function parseLine(line: string): LoggedResult | null {
  try {
    const value: unknown = JSON.parse(line);
    return isResult(value) ? value : null;
  } catch {
    return null;
  }
}

function isResult(value: unknown): value is LoggedResult {
  if (typeof value !== 'object' || value === null) return false;
  const { method, pair, scores, mixtureSeconds, separationSeconds } = value as Partial<Record<string, unknown>>;
  if (typeof method !== 'string' || typeof pair !== 'string') return false;
  if (typeof scores !== 'object' || scores === null) return false;
  const numbers = [mixtureSeconds, separationSeconds, ...SCORES.map(({ name }) => Reflect.get(scores, name))];
  return numbers.every((number) => Number.isFinite(number));
}
