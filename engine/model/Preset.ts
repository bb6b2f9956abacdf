import { decodeBase64, encodeBase64 } from '../core/base64.ts';
import { InputError } from '../core/errors.ts';
import { JsonReader } from '../core/JsonReader.ts';
import { sha256Hex } from '../core/sha256.ts';
import type { Hertz, Seconds } from '../core/units.ts';
import type { Quefrencies } from '../network/features.ts';
import { dequantizeLayer, type QuantizedLayer } from '../network/QuantizedLayer.ts';
import { TemplateNetwork } from '../network/TemplateNetwork.ts';

/** What a speaker can be learnt from; `multi` is the STFT, the constant-Q and the reassigned spectrogram at once. */
export const TRAINING_TRANSFORMS = ['stft', 'cqt', 'reassigned', 'wavelet', 'adaptive', 'multi'] as const;
export type TrainingTransform = (typeof TRAINING_TRANSFORMS)[number];

/** How a preset came about. */
export interface TrainingFacts {
  /** Speech left after silence was trimmed. */
  readonly speechSeconds: Seconds;
  readonly sampleRateHertz: Hertz;
  readonly windowsSamples: readonly number[];
  readonly seed: number;
  readonly backend: string;
  /** KL divergence of the network's templates over that of the matrices it was fitted to, on the training speech. */
  readonly fitRatio: number;
  /** Absent where it was the STFT. */
  readonly transform?: TrainingTransform;
}

/** One trained speaker. Immutable, plain but for the network, valid at any DFT size, window and sample rate. */
export interface Preset {
  readonly name: string;
  readonly notes: string;
  readonly licence: string;
  /** ISO 8601 date */
  readonly created: string;
  /** Spectra are compared as |X|^p; p of the training. */
  readonly magnitudeExponent: number;
  /** Templates are known up to here, half the sample rate of the training. */
  readonly bandwidthHertz: Hertz;
  readonly quefrencies: Quefrencies;
  readonly layers: readonly QuantizedLayer[];
  readonly training: TrainingFacts;
}

const FORMAT = 'unmingle-preset';
const FORMAT_VERSION = 1;
const LIMITS = { quefrencies: 256, layers: 4, units: 512, templates: 256, notes: 2000 } as const;
/** A preset of the largest allowed shape stays well below; whatever is larger is refused unread. */
export const MAXIMUM_PRESET_BYTES = 1_000_000;

/** Letters, digits, space, dot, dash, underscore; starts with a letter or digit: safe as a file's name everywhere. */
const NAME_PATTERN = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,62}[\p{L}\p{N}_-])?$/u;

/** @throws InputError unless `name` can name a preset and its file */
export function requirePresetName(name: string): void {
  if (!NAME_PATTERN.test(name)) {
    throw new InputError(
      `preset name must be 1 to 64 letters, digits, spaces, dots, dashes or underscores, starting with a letter or digit, got ${JSON.stringify(name)}`,
    );
  }
}

export function presetNetwork(preset: Preset): TemplateNetwork {
  return new TemplateNetwork(preset.quefrencies, preset.layers.map(dequantizeLayer));
}

/** @returns the preset's file content; `parsePreset` reads it back unchanged */
export function serializePreset(preset: Preset): string {
  const { layers, quefrencies, magnitudeExponent, bandwidthHertz, training } = preset;
  const { name, notes, licence, created } = preset;
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
        weights: encodeBase64(bytesOf(layer.weights)),
        biases: encodeBase64(bytesOf(layer.biases)),
      })),
      training,
      sha256: presetHash(preset),
    },
    null,
    1,
  )}\n`;
}

/** Identifies the trained templates whatever the preset is called: SHA-256 over shapes, scales and weights. */
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
    ...layers.flatMap((layer) => [bytesOf(layer.weights), bytesOf(layer.biases)]),
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
 * Reads a preset as hostile input: every field is checked before anything is built from it.
 * @throws InputError with the path of the first field that is wrong
 */
export function parsePreset(text: string): Preset {
  if (text.length > MAXIMUM_PRESET_BYTES) {
    throw new InputError(`preset must be at most ${MAXIMUM_PRESET_BYTES} bytes, got ${text.length}`);
  }
  const reader = JsonReader.parse(text, 'preset');
  reader.oneOf('format', [FORMAT]);
  reader.oneOf('version', [FORMAT_VERSION]);
  const name = reader.text('name', 64);
  requirePresetName(name);
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
      weights: new Int8Array(parseBytes(layer, 'weights', inputs * outputs).buffer),
      biases: new Int16Array(parseBytes(layer, 'biases', 2 * outputs).buffer),
    };
  });
}

function parseBytes(reader: JsonReader, name: string, expectedBytes: number): Uint8Array<ArrayBuffer> {
  const text = reader.text(name, MAXIMUM_PRESET_BYTES);
  let bytes: Uint8Array;
  try {
    bytes = decodeBase64(text);
  } catch {
    return reader.fail(name, 'base64');
  }
  if (bytes.length !== expectedBytes)
    reader.fail(name, `base64 of ${expectedBytes} bytes (this one holds ${bytes.length})`);
  return Uint8Array.from(bytes);
}

function bytesOf(values: Int8Array | Int16Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
