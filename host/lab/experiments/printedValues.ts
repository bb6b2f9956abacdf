import type { Samples } from '../../../engine/core/units.ts';

/**
 * Published results of K. Subramani, P. Smaragdis, T. Higuchi and M. Souden, "Rethinking Non-Negative Matrix Factorization with
 * Implicit Neural Representations", for TIMIT at 16 kHz, 20 templates and hop N/2: Table 1, and the medians of Figure 5 from the
 * released results (500 mixtures of two speakers at 0 dB).
 */
export type PrintedMethod = 'nmf' | 'innmf';

export interface PrintedReconstruction {
  /** KL divergence per frame and bin times 1e5. */
  readonly mean: number;
  readonly standardDeviation: number;
}

export interface PrintedSeparation {
  readonly sdrDecibels: number;
  readonly sirDecibels: number;
  readonly sarDecibels: number;
  readonly stoi: number;
}

/** N of the paper's experiments in samples. */
export const PAPER_WINDOWS = [1000, 1500, 2000, 2500] as const satisfies readonly Samples[];
export type PaperWindow = (typeof PAPER_WINDOWS)[number];
export const PAPER_TRAINED_WINDOW = 2000 satisfies PaperWindow;
export const PAPER_RANK = 20;

type Printed<T> = Readonly<Record<PrintedMethod, Readonly<Record<PaperWindow, T>>>>;

export const PRINTED_RECONSTRUCTION: Printed<PrintedReconstruction> = {
  nmf: {
    1000: { mean: 47.17, standardDeviation: 4.28 },
    1500: { mean: 48.82, standardDeviation: 4.26 },
    2000: { mean: 48.87, standardDeviation: 4.42 },
    2500: { mean: 49.25, standardDeviation: 3.98 },
  },
  innmf: {
    1000: { mean: 51.89, standardDeviation: 4.91 },
    1500: { mean: 52.63, standardDeviation: 4.65 },
    2000: { mean: 52.34, standardDeviation: 4.63 },
    2500: { mean: 54.03, standardDeviation: 4.52 },
  },
};

/** Medians. */
export const PRINTED_SEPARATION: Printed<PrintedSeparation> = {
  nmf: {
    1000: { sdrDecibels: 4.04, sirDecibels: 9.367, sarDecibels: 6.325, stoi: 0.718 },
    1500: { sdrDecibels: 3.988, sirDecibels: 8.925, sarDecibels: 6.437, stoi: 0.717 },
    2000: { sdrDecibels: 3.915, sirDecibels: 8.945, sarDecibels: 6.553, stoi: 0.736 },
    2500: { sdrDecibels: 4.19, sirDecibels: 8.789, sarDecibels: 6.706, stoi: 0.734 },
  },
  innmf: {
    1000: { sdrDecibels: 4.263, sirDecibels: 9.673, sarDecibels: 6.438, stoi: 0.735 },
    1500: { sdrDecibels: 4.221, sirDecibels: 9.345, sarDecibels: 6.54, stoi: 0.739 },
    2000: { sdrDecibels: 4.307, sirDecibels: 9.213, sarDecibels: 6.672, stoi: 0.739 },
    2500: { sdrDecibels: 4.164, sirDecibels: 8.646, sarDecibels: 6.762, stoi: 0.739 },
  },
};
