/** What to learn from, and how. */
export interface AdaptationJob {
  /** Texts of preset files, 2 to 8. */
  readonly presets: readonly string[];
  /** Texts of evidence files, in the presets' order. */
  readonly evidence: readonly string[];
  /** Weight of the temporal prior, 0 to 1. */
  readonly persistence: number;
  /** Key of the resulting file. */
  readonly key: string;
  /** Run at low priority because audio is live. */
  readonly isLowPriority: boolean;
}

/** How far learning is. */
export interface AdaptationProgress {
  /** 0 to 1 */
  readonly fraction: number;
  /** Text of an adaptation file with the gains only; first with those of a few updates, then with the final ones. */
  readonly gains?: string;
}

export interface AdaptationRequests {
  readonly adapt: {
    readonly argument: AdaptationJob;
    readonly progress: AdaptationProgress;
    /** text of the adaptation file */
    readonly answer: string;
  };
}
