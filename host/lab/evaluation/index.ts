/** Entry of the evaluation, imported lazily by commands because it loads the trainer and the plot packages. */

export { type PaperSettings, PaperStore, type PaperTraining } from '../paper/PaperStore.ts';
export { MAXIMUM_ANSWER_BYTES, parseAnswer, serializeAnswer } from './answerFile.ts';
export { type Dataset, type DatasetSpeaker, type DatasetSplit, readDataset } from './Dataset.ts';
export { type Evaluation, type EvaluationOptions, evaluate, type PairResult } from './evaluate.ts';
export type { EvaluationAnswer, EvaluationJob } from './evaluationMessages.ts';
export { evaluationPlot } from './evaluationPlot.ts';
export type { EvaluationPool } from './evaluationPool.ts';
export { type EvaluationReport, evaluationReport } from './evaluationReport.ts';
export { evaluationText } from './evaluationText.ts';
export { resultLogPath } from './logPath.ts';
export { PAPER_SETTINGS } from './methods/paper.ts';
export type {
  EvaluationMixture,
  MethodSettings,
  SeparationMethod,
  TrainedSpeaker,
} from './methods/SeparationMethod.ts';
export { QUICK_METHODS, SEPARATION_METHODS, separationMethod } from './methods/separationMethods.ts';
export { pairName, type SpeakerPair, speakerPairs } from './pairs.ts';
export { runJob } from './runJob.ts';
