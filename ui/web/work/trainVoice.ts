import { InputError } from '../../../engine/core/errors.ts';
import type { Hertz } from '../../../engine/core/units.ts';
import { EMBEDDING_RATE_HERTZ } from '../../../engine/embedding/EmbeddingFeatures.ts';
import { EmbeddingInference } from '../../../engine/embedding/EmbeddingInference.ts';
import { enrolmentFindings } from '../../../engine/embedding/enrolmentFindings.ts';
import { SpeechBlocks } from '../../../engine/embedding/SpeechBlocks.ts';
import { serializePreset } from '../../../engine/model/Preset.ts';
import type { PresetName } from '../../../engine/model/PresetName.ts';
import type { SpeakerEmbedding } from '../../../engine/model/SpeakerEmbedding.ts';
import { serializeEvidence } from '../../../engine/model/SpeakerEvidence.ts';
import { TRAINING_RANGES } from '../../../engine/model/trainingRanges.ts';
import type { LearningAmount, LearntVoice } from '../../../engine/recording/learnTwice.ts';
import { personEmbedding } from '../../../engine/recording/personEmbedding.ts';
import {
  type BackendName,
  chooseBackend,
  collectEvidence,
  type Recording,
  trainSpeaker,
} from '../../../engine/trainer/index.ts';
import { resampledForAnalysis } from '../sound/resampledBlocks.ts';

/** Folder of the WebAssembly files of TensorFlow.js, which the build copies beside the page; this script is in another one. */
const WASM_PATH = new URL(/* @vite-ignore */ '../tfjs/', import.meta.url).href;

let backend: Promise<BackendName> | null = null;

/** The backend of TensorFlow.js: WebAssembly, or plain JavaScript where that does not start. */
async function startedBackend(): Promise<BackendName> {
  const wasm = await chooseBackend({ backend: 'wasm', wasmPath: WASM_PATH }).catch(() => null);
  return (wasm ?? (await chooseBackend({ backend: 'cpu' }))).name;
}

export interface TrainingAmount extends LearningAmount {
  /** Optimiser steps of the network. @default that of `trainSpeaker` */
  readonly steps?: number;
}

/**
 * Trains a preset of one voice, as `train` of the program for Node does.
 * @param recordings of one person, all at one sample rate
 * @param onProgress called with a fraction, 0 to 1
 * @throws InputError that names the voice if the recordings are unusable
 */
export async function trainVoice(
  name: PresetName,
  recordings: readonly Recording[],
  { seconds, isKept, steps }: TrainingAmount,
  onProgress: (fraction: number) => void,
): Promise<LearntVoice> {
  const { templates, updates, seed } = TRAINING_RANGES;
  backend ??= startedBackend();
  try {
    const trained = await trainSpeaker(recordings, {
      name,
      created: new Date().toISOString().slice(0, 10),
      templates: templates.default,
      seconds,
      updates: updates.default,
      seed: seed.default,
      ...(steps === undefined ? {} : { steps }),
      backend: await backend,
      wasmPath: WASM_PATH,
      onProgress: ({ fraction }) => onProgress(fraction),
    });
    const embedding = isKept ? embeddingOf(recordings) : null;
    return {
      presetText: serializePreset(embedding === null ? trained : { ...trained, embedding }),
      evidenceText: isKept ? serializeEvidence(collectEvidence(name, recordings, seconds, seed.default)) : null,
    };
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${name}: ${error.message}`) : error;
  }
}

function embeddingOf(recordings: readonly Recording[]): SpeakerEmbedding | null {
  const inference = new EmbeddingInference();
  const blocks = recordings.map(({ samples, sampleRateHertz }) => speechBlocks(samples, sampleRateHertz, inference));
  return personEmbedding(blocks, enrolmentFindings(blocks, inference), inference);
}

function speechBlocks(samples: Float32Array, sampleRateHertz: Hertz, inference: EmbeddingInference) {
  const speech = new SpeechBlocks(inference);
  speech.add(resampledForAnalysis(samples, sampleRateHertz, EMBEDDING_RATE_HERTZ));
  speech.finish();
  return speech.blocks;
}
