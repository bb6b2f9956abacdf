/** Faults applied to both chains, in seconds after the first sound. */
export interface Trial {
  readonly second: number;
  readonly name: string;
  /** Additional processor time per frame of the engine's thread, as a share of its duration; lasts until the next trial. */
  readonly steal?: number;
  /** Number of processes that use one core each; they last until the next trial. */
  readonly burners?: number;
  readonly fault?: 'pause' | 'suspend' | 'hang' | 'die';
  readonly action?: 'flood' | 'hostile preset' | 'disk full';
}

export const TRIALS: readonly Trial[] = [
  { second: 0, name: 'nothing', steal: 0, burners: 0 },
  { second: 3, name: '50 % stolen', steal: 0.5 },
  { second: 6, name: '100 % stolen', steal: 1 },
  { second: 9, name: '150 % stolen', steal: 1.5 },
  { second: 12, name: '200 % stolen', steal: 2 },
  { second: 15, name: 'nothing', steal: 0 },
  { second: 18, name: 'two cores taken', burners: 2 },
  { second: 22, name: 'nothing', burners: 0 },
  { second: 23, name: 'flood', action: 'flood' },
  { second: 25, name: 'hostile preset', action: 'hostile preset' },
  { second: 27, name: 'disk full', action: 'disk full' },
  { second: 29, name: 'paused 150 ms', fault: 'pause' },
  { second: 31, name: 'suspended 1 s', fault: 'suspend' },
  { second: 35, name: 'killed', fault: 'die' },
];
export const TRIAL_SECONDS = 39;
