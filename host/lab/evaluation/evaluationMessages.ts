import type { Decibels } from '../../../engine/core/units.ts';
import type { MethodSettings, TrainedSpeaker } from './methods/SeparationMethod.ts';
import type { PairScores } from './scores.ts';

/** The whole conversation with an evaluation worker: one job at a time, one answer to each. */
export type EvaluationJob =
  | {
      readonly type: 'train';
      readonly method: string;
      readonly speaker: string;
      readonly paths: readonly string[];
      readonly settings: MethodSettings;
    }
  | {
      readonly type: 'separate';
      readonly method: string;
      /** Recordings of each speaker; joined, then cut to the shorter. */
      readonly testPaths: readonly [readonly string[], readonly string[]];
      readonly speakers: readonly [TrainedSpeaker, TrainedSpeaker];
      /** Level of the first speaker over the second. */
      readonly snrDecibels: Decibels;
      readonly settings: MethodSettings;
    };

export interface SeparatedPair {
  readonly scores: PairScores;
  readonly mixtureSeconds: number;
  /** Spent in `separate` alone: reading and scoring are left out. */
  readonly separationSeconds: number;
}

export type EvaluationAnswer =
  | { readonly type: 'trained'; readonly speaker: TrainedSpeaker }
  | { readonly type: 'separated'; readonly result: SeparatedPair }
  /** @param isInput whether the user can mend it: then the message is for the user, else it has a stack */
  | { readonly type: 'failed'; readonly isInput: boolean; readonly message: string };
