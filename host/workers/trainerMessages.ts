import type { TrainingTransform } from '../../engine/model/Preset.ts';
import type { BackendName, KlRatio, Recording, TrainingProgress } from '../../engine/trainer/index.ts';
import type { SerializedError } from '../rpc/SerializedError.ts';

/** Start data of the trainer worker. Recordings are transferred, so the sender's arrays are empty afterwards. */
export interface TrainerJob {
  readonly recordings: readonly Recording[];
  /** Speech on which the preset is evaluated, not trained; empty: no evaluation. */
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
  /** Whether to collect evidence for joint adaptation. */
  readonly hasEvidence: boolean;
}

export type MessageToTrainer = { readonly type: 'cancel' };

export type MessageFromTrainer =
  | { readonly type: 'backend'; readonly name: BackendName; readonly notes: readonly string[] }
  | { readonly type: 'progress'; readonly progress: TrainingProgress }
  /** The evaluation on unseen speech begins. */
  | { readonly type: 'judging' }
  | {
      readonly type: 'done';
      readonly presetText: string;
      readonly evidenceText: string | null;
      readonly klRatios: readonly KlRatio[] | null;
    }
  | { readonly type: 'failed'; readonly error: SerializedError };
