import { Nmf } from '../../../engine/factorization/Nmf.ts';
import { Kernel } from '../../../engine/kernel/Kernel.ts';
import { parsePreset } from '../../../engine/model/Preset.ts';
import { sampleSpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import type { StftPlan } from '../../../engine/stft/StftPlan.ts';
import { joinSpeech, type Recording } from '../../../engine/trainer/index.ts';
import { interpolateTemplates, type TemplateMatrix } from '../../../engine/trainer/resampleTemplates.ts';
import { readRecording } from '../../audio/readRecording.ts';
import { type EvaluationPool, evaluationPool } from '../evaluation/evaluationPool.ts';
import type { DatasetSpeaker, TrainedSpeaker } from '../evaluation/index.ts';
import { samplePaperTemplates } from '../paper/PaperTemplates.ts';
import { paperSpectra } from '../paper/paperSpectra.ts';
import {
  type ExperimentOptions,
  type ExperimentWindow,
  experimentWindows,
  methodSettings,
  SPEECH_SECONDS,
} from './experimentSettings.ts';
import { PAPER_TRAINED_WINDOW } from './printedValues.ts';

export const RECONSTRUCTION_METHODS = ['nmf', 'interpolated', 'innmf', 'paper'] as const;
export type ReconstructionMethod = (typeof RECONSTRUCTION_METHODS)[number];

/** Generalised KL divergence of |X|^0.5 per frame and bin, times 1e5, with the paper's scaling (`paperSpectra`). */
export interface ReconstructionResult {
  readonly method: ReconstructionMethod;
  readonly speaker: string;
  /** The paper's N. */
  readonly window: number;
  /** On the training speech, as in Table 1. */
  readonly trainingKl: number;
  /** On the speaker's test recordings. */
  readonly unseenKl: number;
}

export interface PaperTrainingTime {
  readonly speaker: string;
  readonly seconds: number;
}

export interface Reconstruction {
  readonly results: readonly ReconstructionResult[];
  readonly paperTrainings: readonly PaperTrainingTime[];
}

/** Multiplicative updates of the activations with fixed templates, for every method. */
export const ACTIVATION_UPDATES = 200;

/** Table 1 of the paper: how well templates learnt at N = 2000 describe speech at other windows. @throws InputError as training does */
export async function reconstruct(options: ExperimentOptions): Promise<Reconstruction> {
  const { pairs, threads, signal, onProgress } = options;
  const speakers = [...new Set(pairs.flatMap(({ first, second }) => [first, second]))];
  const pool = evaluationPool(threads, signal);
  let done = 0;
  try {
    const all = await Promise.all(
      speakers.map(async (speaker) => {
        const own = await reconstructSpeaker(speaker, options, pool);
        done++;
        onProgress?.(done / speakers.length, speaker.name);
        return own;
      }),
    );
    signal.throwIfAborted();
    return {
      results: all.flatMap(({ results }) => results),
      paperTrainings: all.flatMap(({ paperTrainings }) => paperTrainings),
    };
  } finally {
    pool.close();
  }
}

async function reconstructSpeaker(
  speaker: DatasetSpeaker,
  options: ExperimentOptions,
  pool: EvaluationPool,
): Promise<Reconstruction> {
  const windows = experimentWindows(options.dataset);
  const trainedWindow = windows.find(({ paperSamples }) => paperSamples === PAPER_TRAINED_WINDOW)!;
  const train = async (method: ReconstructionMethod, window: ExperimentWindow) => {
    const settings = methodSettings(options, window);
    const job = { type: 'train', method, speaker: speaker.name, paths: speaker.trainingPaths, settings } as const;
    return (await pool.run(job, 'trained')).speaker;
  };
  const matrices = new Map<ExperimentWindow, TrainedSpeaker>();
  for (const window of windows) matrices.set(window, await train('nmf', window));
  const preset = await train('innmf', trainedWindow);
  const isNamed = options.paper?.speakers.includes(speaker.name) ?? false;
  const networks = isNamed ? await train('paper', trainedWindow) : null;

  const training = await joinedSpeech(speaker.trainingPaths);
  const unseen = await joinedSpeech(speaker.testPaths);
  const results = windows.flatMap((window) => {
    const { plan, paperSamples } = window;
    const matrix = matrixOf(matrices.get(window)!, plan);
    const interpolated = interpolateTemplates(matrixOf(matrices.get(trainedWindow)!, plan), plan.windowSamples);
    const described: [ReconstructionMethod, TemplateMatrix][] = [
      ['nmf', matrix],
      ['interpolated', interpolated],
      ['innmf', matrixOf(preset, plan)],
    ];
    if (networks !== null) described.push(['paper', matrixOf(networks, plan)]);
    return described.map(([method, templates]) => ({
      method,
      speaker: speaker.name,
      window: paperSamples,
      trainingKl: divergence(training, templates),
      unseenKl: divergence(unseen, templates),
    }));
  });
  const seconds = networks?.kind === 'paper' ? networks.training.trainingSeconds : null;
  return { results, paperTrainings: seconds === null ? [] : [{ speaker: speaker.name, seconds }] };
}

async function joinedSpeech(paths: readonly string[]): Promise<Recording> {
  return joinSpeech(await Promise.all(paths.map((path) => readRecording(path))), SPEECH_SECONDS);
}

/** Samples trained templates at the plan's bins; a matrix is returned unchanged. */
function matrixOf(speaker: TrainedSpeaker, plan: StftPlan): TemplateMatrix {
  const { windowSamples, sampleRateHertz } = plan;
  if (speaker.kind === 'matrix') return speaker.matrix;
  if (speaker.kind === 'paper') return samplePaperTemplates(speaker.training.templates, windowSamples, sampleRateHertz);
  if (speaker.kind === 'untrained') throw new Error('the speaker must be trained, got "untrained"');
  // No frequency-scaled copies, which would be more than 20 templates.
  const { speakers, bins } = sampleSpeakerSet([parsePreset(speaker.presetText)], plan, [1]);
  const [sampled] = speakers;
  if (sampled === undefined) throw new Error('the speaker set must have one speaker, got 0');
  if (bins !== windowSamples / 2 + 1)
    throw new Error(`the preset must cover all ${windowSamples / 2 + 1} bins, got ${bins}`);
  return { windowSamples, templates: sampled.templates, values: sampled.values };
}

/** @returns divergence with activations solved for these templates */
function divergence(speech: Recording, { windowSamples, templates, values }: TemplateMatrix): number {
  const spectra = paperSpectra(speech, windowSamples);
  const config = { frames: spectra.frames, bins: spectra.bins, templates };
  const nmf = new Nmf(new Kernel(Nmf.requiredBytes(config)), config, spectra.values);
  nmf.templates.set(values);
  nmf.activations.fill(1 / templates);
  nmf.update(ACTIVATION_UPDATES, 'activations');
  return (1e5 * nmf.divergence()) / spectra.values.length;
}
