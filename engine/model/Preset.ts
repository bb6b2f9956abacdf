import { encodeBase64 } from '../core/base64.ts';
import { InputError } from '../core/errors.ts';
import { JsonReader } from '../core/JsonReader.ts';
import { bytesToInt16, int16ToBytes } from '../core/littleEndian.ts';
import { readBase64 } from '../core/readBase64.ts';
import { sha256Hex } from '../core/sha256.ts';
import type { Hertz, Seconds } from '../core/units.ts';
import type { Quefrencies } from '../network/features.ts';
import { dequantizeLayer, type QuantizedLayer } from '../network/QuantizedLayer.ts';
import { TemplateNetwork } from '../network/TemplateNetwork.ts';
import { MAXIMUM_WRITTEN_NAME_LENGTH, presetName } from './PresetName.ts';
import { embeddingJson, parseEmbedding, type SpeakerEmbedding } from './SpeakerEmbedding.ts';

/** Transforms that a preset can be trained on; `multi` uses the STFT, the constant-Q and the reassigned spectrogram together. */
export const TRAINING_TRANSFORMS = ['stft', 'cqt', 'reassigned', 'wavelet', 'adaptive', 'multi'] as const;
export type TrainingTransform = (typeof TRAINING_TRANSFORMS)[number];

/** How a preset was trained. */
export interface TrainingFacts {
  /** Duration of the speech, pauses trimmed. */
  readonly speechSeconds: Seconds;
  readonly sampleRateHertz: Hertz;
  readonly windowsSamples: readonly number[];
  readonly seed: number;
  readonly backend: string;
  /** KL divergence of the network's templates relative to that of the matrices it was fitted to, on the training speech. */
  readonly fitRatio: number;
  /** @default 'stft' */
  readonly transform?: TrainingTransform;
}

/** One trained speaker, valid at any DFT size, window and sample rate. Immutable plain data. */
export interface Preset {
  readonly name: string;
  readonly notes: string;
  readonly licence: string;
  /** ISO 8601 date */
  readonly created: string;
  /** Exponent p: the templates model |X|^p. */
  readonly magnitudeExponent: number;
  /** Upper frequency limit of the templates: half the sample rate of the training. */
  readonly bandwidthHertz: Hertz;
  readonly quefrencies: Quefrencies;
  readonly layers: readonly QuantizedLayer[];
  readonly training: TrainingFacts;
  /** Missing in presets that were made before there were embeddings, or from too little speech. */
  readonly embedding?: SpeakerEmbedding;
}

const FORMAT = 'unmingle-preset';
const FORMAT_VERSION = 1;
const LIMITS = { quefrencies: 256, layers: 4, units: 512, templates: 256, notes: 2000 } as const;
/** Largest preset file; larger ones are rejected before parsing. A preset of the largest allowed shape is much smaller. */
export const MAXIMUM_PRESET_BYTES = 1_000_000;

export function presetNetwork(preset: Preset): TemplateNetwork {
  return new TemplateNetwork(preset.quefrencies, preset.layers.map(dequantizeLayer));
}

/** @returns content of the preset's file, which `parsePreset` reads back unchanged */
export function serializePreset(preset: Preset): string {
  const { layers, quefrencies, magnitudeExponent, bandwidthHertz, training } = preset;
  const { name, notes, licence, created, embedding } = preset;
  return `${JSON.stringify(
    {
      format: FORMAT,
      version: FORMAT_VERSION,
      name,
      notes,
      licence,
      created,
      magnitudeExponent,
      bandwidthHertz,
      quefrencies,
      layers: layers.map((layer) => ({
        inputs: layer.inputs,
        outputs: layer.outputs,
        weightScale: layer.weightScale,
        biasScale: layer.biasScale,
        weights: encodeBase64(int8Bytes(layer.weights)),
        biases: encodeBase64(int16ToBytes(layer.biases)),
      })),
      training,
      ...(embedding === undefined ? {} : { embedding: embeddingJson(embedding) }),
      sha256: presetHash(preset),
    },
    null,
    1,
  )}\n`;
}

/** SHA-256 over shapes, scales and weights: identifies the trained templates regardless of the preset's name and its embedding. */
export function presetHash(preset: Preset): string {
  const { layers, quefrencies, magnitudeExponent, bandwidthHertz } = preset;
  const shapes = layers.map(({ inputs, outputs, weightScale, biasScale }) => ({
    inputs,
    outputs,
    weightScale,
    biasScale,
  }));
  const header = JSON.stringify({ quefrencies, magnitudeExponent, bandwidthHertz, shapes });
  const parts = [
    Uint8Array.from(header, (character) => character.charCodeAt(0)),
    ...layers.flatMap((layer) => [int8Bytes(layer.weights), int16ToBytes(layer.biases)]),
  ];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return sha256Hex(bytes);
}

/**
 * Parses a preset from an untrusted file: every field is checked before it is used.
 * @throws InputError with the path of the first invalid field
 */
export function parsePreset(text: string): Preset {
  if (text.length > MAXIMUM_PRESET_BYTES) {
    throw new InputError(`preset must be at most ${MAXIMUM_PRESET_BYTES} bytes, got ${text.length}`);
  }
  const reader = JsonReader.parse(text, 'preset');
  reader.oneOf('format', [FORMAT]);
  reader.version(FORMAT_VERSION);
  const name = presetName(reader.text('name', MAXIMUM_WRITTEN_NAME_LENGTH));
  const quefrencies = parseQuefrencies(reader.object('quefrencies'));
  const training = reader.object('training');
  const preset: Preset = {
    name,
    notes: reader.text('notes', LIMITS.notes),
    licence: reader.text('licence', LIMITS.notes),
    created: reader.text('created', 40),
    magnitudeExponent: reader.number('magnitudeExponent', 0.1, 2),
    bandwidthHertz: reader.number('bandwidthHertz', 1000, 192_000),
    quefrencies,
    layers: parseLayers(reader),
    training: {
      speechSeconds: training.number('speechSeconds', 0, 1e6),
      sampleRateHertz: training.number('sampleRateHertz', 1, 1e6),
      windowsSamples: training.integers('windowsSamples', 32, 1, 1 << 20),
      seed: training.number('seed', -(2 ** 53), 2 ** 53),
      backend: training.text('backend', 40),
      fitRatio: training.number('fitRatio', 0, 1e6),
      ...(training.has('transform') ? { transform: training.oneOf('transform', TRAINING_TRANSFORMS) } : {}),
    },
    ...(reader.has('embedding') ? { embedding: parseEmbedding(reader.object('embedding')) } : {}),
  };
  presetNetwork(preset);
  if (reader.text('sha256', 64) !== presetHash(preset)) {
    reader.fail('sha256', `the hash of the weights, ${presetHash(preset)} (the file was damaged or edited)`);
  }
  return preset;
}

function parseQuefrencies(reader: JsonReader): Quefrencies {
  const logarithmic = reader.object('logarithmic');
  const linear = reader.object('linear');
  return {
    logarithmic: {
      count: logarithmic.integer('count', 1, LIMITS.quefrencies),
      shortestSeconds: logarithmic.number('shortestSeconds', 1e-7, 1),
      longestSeconds: logarithmic.number('longestSeconds', 1e-7, 1),
    },
    linear: {
      count: linear.integer('count', 0, LIMITS.quefrencies),
      stepSeconds: linear.number('stepSeconds', 1e-7, 1),
    },
  };
}

function parseLayers(reader: JsonReader): QuantizedLayer[] {
  const layers = reader.objects('layers', 1, LIMITS.layers);
  return layers.map((layer, index) => {
    const isLast = index === layers.length - 1;
    const inputs = layer.integer('inputs', 1, 2 * LIMITS.quefrencies * 2 + 2);
    const outputs = layer.integer('outputs', 1, isLast ? LIMITS.templates : LIMITS.units);
    return {
      inputs,
      outputs,
      weightScale: layer.number('weightScale', 0, 1e3),
      biasScale: layer.number('biasScale', 0, 1e3),
      weights: Int8Array.from(readBase64(layer, 'weights', inputs * outputs, MAXIMUM_PRESET_BYTES)),
      biases: bytesToInt16(readBase64(layer, 'biases', 2 * outputs, MAXIMUM_PRESET_BYTES)),
    };
  });
}

function int8Bytes(values: Int8Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
