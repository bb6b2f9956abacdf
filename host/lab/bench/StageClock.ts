import { STAGES, type Stage, type StageProbe } from '../../../engine/separator/StageProbe.ts';

/** Measures the duration of each stage of a frame. */
export class StageClock implements StageProbe {
  /** Durations of the stages of the latest frame in milliseconds; NaN for one that it did not have. */
  readonly milliseconds: Record<Stage, number>;
  private lastMilliseconds = 0;

  constructor() {
    this.milliseconds = Object.fromEntries(STAGES.map((stage) => [stage, Number.NaN])) as Record<Stage, number>;
  }

  /** To be called immediately before the samples that complete a frame are processed. */
  start(): void {
    for (const stage of STAGES) this.milliseconds[stage] = Number.NaN;
    this.lastMilliseconds = performance.now();
  }

  mark(stage: Stage): void {
    const now = performance.now();
    this.milliseconds[stage] = now - this.lastMilliseconds;
    this.lastMilliseconds = now;
  }
}
