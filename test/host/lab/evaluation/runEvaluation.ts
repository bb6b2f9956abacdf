import { type CommandResult, runCommand } from '../../commandLine.ts';

export interface JsonReport {
  readonly pairs: number;
  readonly conditions: {
    readonly windowSamples: number;
    readonly latencySamples: number;
    readonly snrDecibels: number;
  };
  readonly summaries: readonly {
    readonly method: string;
    readonly group: string;
    readonly realTimeFactor: number;
    readonly scores: Record<string, { readonly count: number; readonly mean: number; readonly median: number }>;
  }[];
  readonly differences: readonly { readonly method: string; readonly minus: string }[];
  readonly results: readonly {
    readonly method: string;
    readonly pair: string;
    readonly scores: Record<string, number>;
  }[];
}

/** Sets the cache folder for results, so that tests do not use the user's. */
export function keepResultsIn(folder: string): void {
  process.env.UNMINGLE_CACHE = folder;
}

/** Runs `unmingle evaluate ... --json` in a folder of its own. @throws Error with its stderr if it fails */
export async function runEvaluation(folder: string, ...words: string[]): Promise<JsonReport> {
  keepResultsIn(folder);
  const result: CommandResult = await runCommand(['evaluate', ...words, '--json'], folder);
  if (result.code !== 0) throw new Error(`evaluate ended with ${result.code}: ${result.stderr}`);
  return JSON.parse(result.stdout) as JsonReport;
}
