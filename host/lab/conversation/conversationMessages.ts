import type { Decibels, Seconds } from '../../../engine/core/units.ts';
import type { EvaluationAnswer, EvaluationJob } from '../evaluation/evaluationMessages.ts';
import type { MethodSettings, TrainedSpeaker } from '../evaluation/methods/SeparationMethod.ts';
import type { ConversationOptions } from './Conversation.ts';
import type { ConversationScores } from './conversationScores.ts';

/** Jobs of a conversation worker: those of an evaluation worker, and separating a simulated conversation. */
export type ConversationJob =
  | EvaluationJob
  | {
      readonly type: 'converse';
      readonly method: string;
      /** [speakers] recordings of each, joined */
      readonly testPaths: readonly (readonly string[])[];
      readonly speakers: readonly TrainedSpeaker[];
      readonly options: ConversationOptions;
      /** The same seed and recordings give every method the same conversation. */
      readonly seed: number;
      readonly settings: MethodSettings;
    };

export type ConversationAnswer =
  | EvaluationAnswer
  | { readonly type: 'conversed'; readonly scores: ConversationScores; readonly picture: ConversationPicture };

/** A conversation over time, coarse enough to draw. */
export interface ConversationPicture {
  readonly stepSeconds: Seconds;
  /** [speakers][steps] share of the step in which the voice speaks, 0 to 1 */
  readonly activity: readonly (readonly number[])[];
  /** [speakers][steps] level of the separated track, dB re full scale */
  readonly trackLevels: readonly (readonly Decibels[])[];
}
