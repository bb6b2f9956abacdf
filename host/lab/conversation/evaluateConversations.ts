import type { DatasetSpeaker } from '../evaluation/Dataset.ts';
import type { MethodSettings, SeparationMethod, TrainedSpeaker } from '../evaluation/methods/SeparationMethod.ts';
import { WorkerPool } from '../evaluation/WorkerPool.ts';
import type { ConversationOptions } from './Conversation.ts';
import type { ConversationAnswer, ConversationJob, ConversationPicture } from './conversationMessages.ts';
import type { ConversationScores } from './conversationScores.ts';
import { type GroupSex, groupName, groupSex, type SpeakerGroup } from './speakerGroups.ts';

export interface ConversationEvaluationOptions {
  readonly groups: readonly SpeakerGroup[];
  readonly methods: readonly SeparationMethod[];
  readonly settings: MethodSettings;
  /** Every group holds one conversation under each of these conditions. */
  readonly conditions: readonly ConversationOptions[];
  readonly threads: number;
  readonly signal: AbortSignal;
  /** @param fraction of the jobs done, 0 to 1 */
  readonly onProgress?: (fraction: number, detail: string) => void;
}

/** One method on one conversation. */
export interface ConversationResult {
  readonly method: string;
  readonly group: string;
  readonly sex: GroupSex;
  /** Intended share of overlap: the condition that the scores depend on most. */
  readonly overlap: number;
  readonly scores: ConversationScores;
  readonly picture: ConversationPicture;
}

/**
 * Trains every method on every speaker and separates every conversation with it, all methods on the same mixtures.
 * @throws InputError for recordings or settings that a method refuses; the signal's reason when cancelled
 */
export async function evaluateConversations(
  options: ConversationEvaluationOptions,
): Promise<readonly ConversationResult[]> {
  const { groups, methods, conditions, threads, signal } = options;
  const worker = new URL('./conversationWorker.js', import.meta.url);
  const pool = new WorkerPool<ConversationJob, ConversationAnswer>(worker, threads, signal);
  const speakers = new Set(groups.flat());
  const trainings = methods.filter((method) => method.isTrained).length * speakers.size;
  const jobs = trainings + methods.length * groups.length * conditions.length;
  let jobsDone = 0;
  const count = (detail: string) => options.onProgress?.(++jobsDone / jobs, detail);
  try {
    const results: ConversationResult[] = [];
    for (const method of methods) {
      const run = new MethodRun(pool, method, options.settings, count);
      const conversations = groups.flatMap((group, index) =>
        conditions.map((condition) => run.converse(group, condition, options.settings.seed + index)),
      );
      results.push(...(await Promise.all(conversations)));
    }
    signal.throwIfAborted();
    return results;
  } finally {
    pool.close();
  }
}

/** One method on all conversations: each speaker is trained once. */
class MethodRun {
  private readonly pool: WorkerPool<ConversationJob, ConversationAnswer>;
  private readonly method: SeparationMethod;
  private readonly settings: MethodSettings;
  private readonly count: (detail: string) => void;
  private readonly trained = new Map<DatasetSpeaker, Promise<TrainedSpeaker>>();

  constructor(
    pool: WorkerPool<ConversationJob, ConversationAnswer>,
    method: SeparationMethod,
    settings: MethodSettings,
    count: (detail: string) => void,
  ) {
    this.pool = pool;
    this.method = method;
    this.settings = settings;
    this.count = count;
  }

  async converse(group: SpeakerGroup, options: ConversationOptions, seed: number): Promise<ConversationResult> {
    const { method, settings } = this;
    const speakers = await Promise.all(group.map((speaker) => this.train(speaker)));
    const { scores, picture } = await this.pool.run(
      {
        type: 'converse',
        method: method.name,
        testPaths: group.map(({ testPaths }) => testPaths),
        speakers,
        options,
        seed,
        settings,
      },
      'conversed',
    );
    const name = groupName(group);
    this.count(`${method.name} ${name}`);
    return { method: method.name, group: name, sex: groupSex(group), overlap: options.overlap, scores, picture };
  }

  private train(speaker: DatasetSpeaker): Promise<TrainedSpeaker> {
    const { method, settings } = this;
    if (!method.isTrained) return Promise.resolve({ kind: 'untrained' });
    const known = this.trained.get(speaker);
    if (known !== undefined) return known;
    const { name, trainingPaths } = speaker;
    const training = this.pool
      .run({ type: 'train', method: method.name, speaker: name, paths: trainingPaths, settings }, 'trained')
      .then((answer) => {
        this.count(`${method.name} learnt ${name}`);
        return answer.speaker;
      });
    this.trained.set(speaker, training);
    return training;
  }
}
