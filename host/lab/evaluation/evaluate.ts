import type { Decibels } from '../../../engine/core/units.ts';
import type { Dataset, DatasetSpeaker } from './Dataset.ts';
import { type EvaluationPool, evaluationPool } from './evaluationPool.ts';
import type { MethodSettings, SeparationMethod, TrainedSpeaker } from './methods/SeparationMethod.ts';
import { type PairGroup, pairName, type SpeakerPair } from './pairs.ts';
import { type LoggedResult, ResultLog } from './ResultLog.ts';

export interface EvaluationOptions {
  readonly dataset: Dataset;
  readonly pairs: readonly SpeakerPair[];
  readonly methods: readonly SeparationMethod[];
  readonly settings: MethodSettings;
  /** Level of each pair's first speaker relative to the second. */
  readonly snrDecibels: Decibels;
  readonly threads: number;
  /** Runs the jobs. @default threads of this process */
  readonly pool?: EvaluationPool;
  /** File of the results of this configuration, see `resultLogPath`. */
  readonly logPath: string;
  /** Trained speakers by "method name". Those that do not depend on the window are added, for the run with the next window. */
  readonly remembered?: Map<string, TrainedSpeaker>;
  /** Deletes the results of earlier runs. */
  readonly isFresh: boolean;
  readonly signal: AbortSignal;
  /** @param fraction of the jobs done, 0 to 1 */
  readonly onProgress?: (fraction: number, detail: string) => void;
}

export interface PairResult extends LoggedResult {
  readonly group: PairGroup;
}

export interface Evaluation {
  /** [methods x pairs], both in the order of the options. */
  readonly results: readonly PairResult[];
  /** Number of results taken from earlier runs. */
  readonly resumedResults: number;
}

/**
 * Trains every method on every speaker it needs and separates every pair, with the same mixtures for all methods.
 * @throws InputError if a method rejects recordings or settings; the signal's reason when cancelled (finished results are kept)
 */
export async function evaluate(options: EvaluationOptions): Promise<Evaluation> {
  const { methods, pairs, signal } = options;
  const log = await ResultLog.open(options.logPath, options.isFresh);
  const open = methods.map((method) => ({
    method,
    pairs: pairs.filter((pair) => log.find(method.name, pairName(pair)) === null),
  }));
  const openResults = open.reduce((sum, { pairs }) => sum + pairs.length, 0);
  if (openResults > 0) {
    const run = new EvaluationRun(options, log, open);
    try {
      await run.finish();
    } finally {
      run.close();
    }
  }
  signal.throwIfAborted();
  const results = methods.flatMap((method) =>
    pairs.map((pair) => ({ ...log.find(method.name, pairName(pair))!, group: pair.group })),
  );
  return { results, resumedResults: results.length - openResults };
}

/** The pairs that a method has still to separate. */
interface OpenMethod {
  readonly method: SeparationMethod;
  readonly pairs: readonly SpeakerPair[];
}

/** Name of the method whose training a method uses. */
function trainingOf({ name, trainedAs = name }: SeparationMethod): string {
  return trainedAs;
}

/** Speakers to train; methods that follow each other with the same training share them. */
function trainingCount(open: readonly OpenMethod[]): number {
  let count = 0;
  let latest: string | null = null;
  const speakers = new Set<string>();
  for (const { method, pairs } of open) {
    if (!method.isTrained) continue;
    if (trainingOf(method) !== latest) {
      latest = trainingOf(method);
      count += speakers.size;
      speakers.clear();
    }
    for (const { first, second } of pairs) speakers.add(first.name).add(second.name);
  }
  return count + speakers.size;
}

class EvaluationRun {
  private readonly options: EvaluationOptions;
  private readonly log: ResultLog;
  private readonly open: readonly OpenMethod[];
  private readonly pool: EvaluationPool;
  private readonly trained = new Map<string, Promise<TrainedSpeaker>>();
  private readonly jobCount: number;
  private jobsDone = 0;

  constructor(options: EvaluationOptions, log: ResultLog, open: readonly OpenMethod[]) {
    this.options = options;
    this.log = log;
    this.open = open;
    this.pool = options.pool ?? evaluationPool(options.threads, options.signal);
    const separations = open.reduce((sum, { pairs }) => sum + pairs.length, 0);
    this.jobCount = separations + trainingCount(open);
  }

  async finish(): Promise<void> {
    let latest: string | null = null;
    for (const { method, pairs } of this.open) {
      // Keeps the speakers of one training in memory at a time.
      if (method.isTrained && trainingOf(method) !== latest) {
        latest = trainingOf(method);
        this.trained.clear();
      }
      await Promise.all(pairs.map((pair) => this.separate(method, pair)));
    }
  }

  close(): void {
    this.pool.close();
  }

  private async separate(method: SeparationMethod, pair: SpeakerPair): Promise<void> {
    const { settings, snrDecibels } = this.options;
    const { first, second } = pair;
    const speakers = await Promise.all([this.train(method, first), this.train(method, second)]);
    const testPaths = [first.testPaths, second.testPaths] as const;
    const { result } = await this.pool.run(
      { type: 'separate', method: method.name, testPaths, speakers, snrDecibels, settings },
      'separated',
    );
    await this.log.append({ method: method.name, pair: pairName(pair), ...result });
    this.countJob(`${method.name} ${pairName(pair)}`);
  }

  private train(method: SeparationMethod, { name, trainingPaths }: DatasetSpeaker): Promise<TrainedSpeaker> {
    if (!method.isTrained) return Promise.resolve({ kind: 'untrained' });
    const known = this.trained.get(name);
    if (known !== undefined) return known;
    const { settings, remembered } = this.options;
    const training = trainingOf(method);
    const key = `${training} ${name}`;
    const before = remembered?.get(key);
    if (before !== undefined) {
      this.trained.set(name, Promise.resolve(before));
      this.countJob(key);
      return Promise.resolve(before);
    }
    const trained = this.pool
      .run({ type: 'train', method: training, speaker: name, paths: trainingPaths, settings }, 'trained')
      .then(({ speaker }) => {
        this.countJob(`${training} learnt ${name}`);
        if (speaker.kind !== 'matrix') remembered?.set(key, speaker);
        return speaker;
      });
    this.trained.set(name, trained);
    return trained;
  }

  private countJob(detail: string): void {
    this.jobsDone++;
    this.options.onProgress?.(this.jobsDone / this.jobCount, detail);
  }
}
