/** Entry of the experiments, imported lazily by commands because it loads the trainer and the plot packages. */

export { separateFileConstantQ } from './ConstantQSeparation.ts';
export { constantQReport } from './constantQReport.ts';
export { experimentPaths, writeExperiment } from './ExperimentFolder.ts';
export type { ExperimentOptions } from './experimentSettings.ts';
export { GENERATED_NOTES_RATE_HERTZ, generatedNotes } from './generatedNotes.ts';
export { type HybridLayout, hybrid } from './hybrid.ts';
export { HYBRID_FIGURES, hybridReport } from './hybridReport.ts';
export { reconstruct } from './reconstruction.ts';
export { RECONSTRUCTION_FIGURES, reconstructionReport } from './reconstructionReport.ts';
export { separateAll } from './separation.ts';
export { SEPARATION_FIGURES, separationReport } from './separationReport.ts';
export { transfer } from './transfer.ts';
export { TRANSFER_FIGURES, transferReport } from './transferReport.ts';
