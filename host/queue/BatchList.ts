import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { withoutByteOrderMark } from '../../engine/core/byteOrderMark.ts';
import { InputError } from '../../engine/core/errors.ts';
import { fileError } from '../files/fileErrors.ts';

/** One line of a list that holds a job. */
export interface BatchLine {
  /** From 1. */
  readonly number: number;
  /** Cells without the spaces around them; at least one is not empty. */
  readonly cells: readonly string[];
}

const MAXIMUM_BYTES = 64 * 2 ** 20;
const MAXIMUM_LINES = 200_000;

/**
 * A list of jobs, one a line: cells between tabs, or in a file that ends in .csv between commas, where a cell that has commas stands in
 * double quotes. Empty lines and those that begin with # are left out.
 */
export class BatchList {
  readonly path: string;
  readonly lines: readonly BatchLine[];

  constructor(path: string, text: string) {
    this.path = path;
    const isCsv = extname(path).toLowerCase() === '.csv';
    const lines: BatchLine[] = [];
    for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
      const number = index + 1;
      if (/^\s*(#|$)/.test(line)) continue;
      const cells = (isCsv ? this.commaCells(line, number) : line.split('\t')).map((cell) => cell.trim());
      if (cells.every((cell) => cell === '')) continue;
      lines.push({ number, cells });
    }
    if (lines.length === 0) throw new InputError(`${path}: must have at least one line with a job`);
    if (lines.length > MAXIMUM_LINES)
      throw new InputError(`${path}: must have at most ${MAXIMUM_LINES} lines with jobs, got ${lines.length}`);
    this.lines = lines;
  }

  /** @throws InputError if the file cannot be read, or holds no job */
  static async read(path: string): Promise<BatchList> {
    try {
      const { size } = await stat(path);
      if (size > MAXIMUM_BYTES) throw new InputError(`${path}: must have at most ${MAXIMUM_BYTES} bytes, got ${size}`);
      return new BatchList(path, withoutByteOrderMark(await readFile(path, 'utf8')));
    } catch (error) {
      throw fileError(error, 'cannot read', path);
    }
  }

  /** Runs `read`, and names the line in the error of a mistake in it. */
  async at<Result>({ number }: BatchLine, read: () => Result | Promise<Result>): Promise<Result> {
    try {
      return await read();
    } catch (error) {
      throw error instanceof InputError ? this.error(number, error.message) : error;
    }
  }

  private error(number: number, problem: string): InputError {
    return new InputError(`${this.path}, line ${number}: ${problem}`);
  }

  /** RFC 4180, without line breaks in cells. */
  private commaCells(line: string, number: number): string[] {
    const cells: string[] = [];
    const cell = /\s*(?:"((?:[^"]|"")*)"\s*|([^",]*))(,|$)/y;
    for (;;) {
      const found = cell.exec(line);
      if (found === null) throw this.error(number, 'a double quote is not closed, or stands inside a cell');
      cells.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
      if (found[3] === '') return cells;
    }
  }
}
