import { encodeBase64 } from '../core/base64.ts';
import { InputError } from '../core/errors.ts';
import { JsonReader } from '../core/JsonReader.ts';
import { MAXIMUM_SPEAKERS } from '../core/limits.ts';
import { readBase64 } from '../core/readBase64.ts';
import { sha256Hex } from '../core/sha256.ts';
import type { Hertz } from '../core/units.ts';
import type { MaskNetwork } from '../network/MaskNetwork.ts';
import { parseMaskNetwork, serializeMaskNetwork } from '../network/maskNetworkText.ts';
import type { Preset } from './Preset.ts';
import type { SampledSpeaker, SpeakerSet } from './SpeakerSet.ts';

/**
 * Joint adaptation of speakers that are loaded together: gains over frequency that turn the templates of all speakers into each
 * speaker's output templates. Gains are smooth over frequency, so they are valid at any window and sample rate.
 */
export interface JointAdaptation {
  /** [bands] frequencies of the gains, rising from 0 Hz; linear in between, flat above */
  readonly frequenciesHertz: Float64Array;
  /**
   * [speakers] of [all speakers' templates x bands] natural logarithm of the gains. They multiply the speaker's own templates, and the
   * constant `CROSS_LEVEL` in place of the other speakers' templates.
   */
  readonly logGains: readonly Float32Array[];
  /** Mask network of these speakers. @default none */
  readonly network?: MaskNetwork;
}

/** Presets and their joint adaptation. */
export interface AdaptedPresets {
  readonly presets: readonly Preset[];
  readonly adaptation: JointAdaptation;
}

/** Level of a speaker's output templates for the templates of other speakers, before adaptation; templates have mean 1. */
export const CROSS_LEVEL = 1e-3;
/** Added to templates, so that gains can raise them where they are 0. */
const TEMPLATE_FLOOR = 1e-6;

const FORMAT = 'unmingle-adaptation';
/** Format name written up to version 0.1; still read. */
const LEGACY_FORMAT = 'unmingle-scene';
/** Version 2: the inputs of mask networks include the shares of the speakers' models. */
const FORMAT_VERSION = 2;
export const MAXIMUM_ADAPTATION_BYTES = 8_000_000;
const LIMITS = { bands: 256, templates: 8192 } as const;
/** Quantisation step. 1/8 Np (1 dB) is already inaudible in the mask; we use half of it. */
const LOG_GAIN_STEP = 1 / 16;

/**
 * Adds output templates, and the mask network if there is one, to a speaker set.
 * @param speakerSet sampled with any plan
 * @throws InputError if the adaptation does not match the number of speakers or templates
 */
export function adaptSpeakerSet(
  speakerSet: SpeakerSet,
  { frequenciesHertz, logGains, network }: JointAdaptation,
): SpeakerSet {
  const { speakers, bins, plan } = speakerSet;
  const all = speakers.reduce((total, { templates }) => total + templates, 0);
  if (logGains.length !== speakers.length) {
    throw new InputError(
      `speakers of the adaptation must be as many as are loaded, ${speakers.length}, got ${logGains.length}`,
    );
  }
  const bands = frequenciesHertz.length;
  const binHertz = plan.sampleRateHertz / plan.windowSamples;
  const positions = Float64Array.from({ length: bins }, (_, bin) => bandPosition(frequenciesHertz, bin * binHertz));
  const outputTemplates = logGains.map((gains, s) => {
    if (gains.length !== all * bands) {
      throw new InputError(
        `templates of the adaptation must be as many as the speakers have, ${all}, got ${gains.length / bands}`,
      );
    }
    const base = outputBase(speakerSet, s);
    const linear = gains.map(Math.exp);
    for (let row = 0; row < all; row++) {
      for (let bin = 0; bin < bins; bin++) {
        const lower = Math.floor(positions[bin]!);
        const weight = positions[bin]! - lower;
        const first = linear[row * bands + lower]!;
        const second = linear[row * bands + Math.min(bands - 1, lower + 1)]!;
        base[row * bins + bin]! *= first + weight * (second - first);
      }
    }
    return base;
  });
  return { ...speakerSet, outputTemplates, ...(network === undefined ? {} : { network }) };
}

/** @returns [all templates x bins] output templates of `speaker` before adaptation: its own, and `CROSS_LEVEL` for those of others */
export function outputBase({ speakers, bins }: SpeakerSet, speaker: number): Float32Array {
  const all = speakers.reduce((total, { templates }) => total + templates, 0);
  const base = new Float32Array(all * bins).fill(CROSS_LEVEL);
  const first = speakers.slice(0, speaker).reduce((total, { templates }) => total + templates, 0);
  base.set(ownOutputBase(speakers[speaker]!), first * bins);
  return base;
}

/** @returns [templates x bins] a speaker's output templates for its own templates, before adaptation */
export function ownOutputBase({ values }: Pick<SampledSpeaker, 'values'>): Float32Array {
  return values.map((value) => value + TEMPLATE_FLOOR);
}

/**
 * Fractional band index of a frequency: 2.5 lies halfway between the third and the fourth band.
 * @param frequenciesHertz [bands] rising, at least one
 */
export function bandPosition(frequenciesHertz: Float64Array, hertz: Hertz): number {
  const upper = frequenciesHertz.findIndex((frequency) => frequency > hertz);
  if (upper < 0) return frequenciesHertz.length - 1;
  if (upper === 0) return 0;
  const low = frequenciesHertz[upper - 1]!;
  return upper - 1 + (hertz - low) / (frequenciesHertz[upper]! - low);
}

/** @param key identifies the speakers, see `adaptationKey`; `parseAdaptation` rejects any other */
export function serializeAdaptation(adaptation: JointAdaptation, key: string): string {
  const { frequenciesHertz, logGains, network } = adaptation;
  const steps = logGains.map((gains) =>
    Int8Array.from(gains, (gain) => Math.max(-127, Math.min(127, Math.round(gain / LOG_GAIN_STEP)))),
  );
  const speakers = steps.map((gains) => ({ logGains: encodeBase64(new Uint8Array(gains.buffer)) }));
  const content = {
    format: FORMAT,
    version: FORMAT_VERSION,
    key,
    templates: (logGains[0]?.length ?? 0) / frequenciesHertz.length,
    frequenciesHertz: Array.from(frequenciesHertz, Math.round),
    speakers,
    ...(network === undefined ? {} : { network: serializeMaskNetwork(network) }),
  };
  return `${JSON.stringify(content, null, 1)}\n`;
}

/**
 * Parses an adaptation from an untrusted file.
 * @throws InputError with the path of the first invalid field
 */
export function parseAdaptation(text: string, key: string): JointAdaptation {
  if (text.length > MAXIMUM_ADAPTATION_BYTES) {
    throw new InputError(`adaptation must be at most ${MAXIMUM_ADAPTATION_BYTES} bytes, got ${text.length}`);
  }
  const reader = JsonReader.parse(text, 'adaptation');
  reader.oneOf('format', [FORMAT, LEGACY_FORMAT]);
  reader.version(FORMAT_VERSION);
  if (reader.text('key', 100) !== key)
    reader.fail('key', 'the key of these speakers, in this order and with this version');
  const frequencies = reader.integers('frequenciesHertz', LIMITS.bands, 0, 192_000);
  if (frequencies[0] !== 0 || frequencies.some((hertz, band) => band > 0 && hertz <= frequencies[band - 1]!)) {
    reader.fail('frequenciesHertz', 'a list that rises from 0');
  }
  const templates = reader.integer('templates', 1, LIMITS.templates);
  const bytes = templates * frequencies.length;
  const logGains = reader.objects('speakers', 1, MAXIMUM_SPEAKERS).map((speaker) => {
    const steps = new Int8Array(readBase64(speaker, 'logGains', bytes, MAXIMUM_ADAPTATION_BYTES).buffer);
    return Float32Array.from(steps, (step) => step * LOG_GAIN_STEP);
  });
  const adaptation = { frequenciesHertz: Float64Array.from(frequencies), logGains };
  if (!reader.has('network')) return adaptation;
  const network = parseMaskNetwork(reader.object('network'));
  if (network.speakers !== logGains.length) reader.fail('network', `for ${logGains.length} speakers`);
  return { ...adaptation, network };
}

/** Identifies the speakers of an adaptation. @param hashes of their presets, in order, and of the method of adaptation */
export function adaptationKey(hashes: readonly string[]): string {
  return sha256Hex(Uint8Array.from(hashes.join(' '), (character) => character.charCodeAt(0)));
}
