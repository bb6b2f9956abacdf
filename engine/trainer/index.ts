export { TRAINING_RANGES } from '../model/trainingRanges.ts';
export { type BackendName, type BackendOptions, type ChosenBackend, chooseBackend } from './backend.ts';
export { collectEvidence } from './collectEvidence.ts';
export { KL_RATIO_WINDOWS_AT_16_KHZ, type KlRatio, measureKlRatios } from './klRatios.ts';
export { checkRecording, joinSpeech, MINIMUM_SPEECH_SECONDS, type Recording, trimPauses } from './speech.ts';
export { type TrainingOptions, type TrainingProgress, trainSpeaker } from './trainSpeaker.ts';
