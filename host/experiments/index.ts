/** The paper's experiments on any folder of speakers. Loads the trainer. */

export { requireWritableFolder, writeExperiment } from './ExperimentFolder.ts';
export type { ExperimentOptions } from './experimentSettings.ts';
export { reconstruct } from './reconstruction.ts';
export { RECONSTRUCTION_FIGURES, reconstructionReport } from './reconstructionReport.ts';
export { separateAll } from './separation.ts';
export { SEPARATION_FIGURES, separationReport } from './separationReport.ts';
