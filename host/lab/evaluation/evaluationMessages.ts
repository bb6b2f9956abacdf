import type { Decibels } from '../../../engine/core/units.ts';
import type { MethodSettings, TrainedSpeaker } from './methods/SeparationMethod.ts';
import type { PairScores } from './scores.ts';

/** Requests to an evaluation worker. Each is answered by one `EvaluationAnswer` before the next is sent. */
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
      /** Recordings of each speaker; concatenated, then truncated to the shorter of the two. */
      readonly testPaths: readonly [readonly string[], readonly string[]];
      readonly speakers: readonly [TrainedSpeaker, TrainedSpeaker];
      /** Level of the first speaker relative to the second. */
      readonly snrDecibels: Decibels;
      readonly settings: MethodSettings;
    };

export interface SeparatedPair {
  readonly scores: PairScores;
  readonly mixtureSeconds: number;
  /** Time in `SeparationMethod.separate`, without reading and scoring. */
  readonly separationSeconds: number;
}

export type EvaluationAnswer =
  | { readonly type: 'trained'; readonly speaker: TrainedSpeaker }
  | { readonly type: 'separated'; readonly result: SeparatedPair };
