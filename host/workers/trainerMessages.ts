import type { TrainingTransform } from '../../engine/model/Preset.ts';
import type { BackendName, KlRatio, Recording, TrainingProgress } from '../../engine/trainer/index.ts';
import type { SerializedError } from '../rpc/SerializedError.ts';

/** The whole conversation with the trainer's worker. Recordings are transferred, so the sender's arrays are empty afterwards. */
export interface TrainerJob {
  readonly recordings: readonly Recording[];
  /** Speech the speaker is judged by, not trained on; empty to judge nothing. */
  readonly holdout: readonly Recording[];
  readonly name: string;
  readonly notes: string;
  readonly licence: string;
  /** ISO 8601 date */
  readonly created: string;
  readonly templates: number;
  readonly seconds: number;
  readonly updates: number;
  /** @default 'stft' */
  readonly transform?: TrainingTransform;
  readonly seed: number;
  /** Whether evidence is kept, for adapting the speaker to others. */
  readonly hasEvidence: boolean;
}

export type MessageToTrainer = { readonly type: 'cancel' };

export type MessageFromTrainer =
  | { readonly type: 'backend'; readonly name: BackendName; readonly notes: readonly string[] }
  | { readonly type: 'progress'; readonly progress: TrainingProgress }
  /** Judging on unseen speech begins. */
  | { readonly type: 'judging' }
  | {
      readonly type: 'done';
      readonly presetText: string;
      readonly evidenceText: string | null;
      readonly klRatios: readonly KlRatio[] | null;
    }
  | { readonly type: 'failed'; readonly error: SerializedError };
