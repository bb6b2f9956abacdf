/**
 * Ranges and defaults of the training options. They are here rather than in the trainer, so that programs can show and use them
 * without loading tfjs. `TrainingOptions` describes each option.
 */
export const TRAINING_RANGES = {
  templates: { minimum: 1, maximum: 128, default: 64 },
  /** Speech, pauses not counted. */
  seconds: { minimum: 3, maximum: 600, default: 60 },
  updates: { minimum: 1, maximum: 2000, default: 20 },
  seed: { minimum: 0, maximum: 2 ** 32 - 1, default: 1 },
} as const;
