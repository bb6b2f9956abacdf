import type { TrainingTransform } from '../../engine/model/Preset.ts';
import type { SpeakerEmbedding } from '../../engine/model/SpeakerEmbedding.ts';
import type { BackendName, KlRatio, Recording, TrainingProgress } from '../../engine/trainer/index.ts';

/** What to train, and from which speech. Recordings are transferred, so the sender's arrays are empty afterwards. */
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
  /** Embedding of the speaker, which the preset keeps. @default null: recordings are not searched for this voice */
  readonly embedding?: SpeakerEmbedding | null;
  /** Whether to collect evidence for joint adaptation. */
  readonly hasEvidence: boolean;
  /** Run at low priority because audio is live. */
  readonly isLowPriority: boolean;
}

export type MessageFromTrainer =
  | { readonly type: 'backend'; readonly name: BackendName }
  | { readonly type: 'progress'; readonly progress: TrainingProgress }
  /** The evaluation on unseen speech begins. */
  | { readonly type: 'judging' };

export interface TrainerResult {
  readonly presetText: string;
  readonly evidenceText: string | null;
  readonly klRatios: readonly KlRatio[] | null;
}

export interface TrainerRequests {
  readonly train: {
    readonly argument: TrainerJob;
    readonly progress: MessageFromTrainer;
    readonly answer: TrainerResult;
  };
}
