import { decodeBase64, encodeBase64 } from '../core/base64.ts';
import { InputError } from '../core/errors.ts';
import { JsonReader } from '../core/JsonReader.ts';
import { MAXIMUM_SPEAKERS } from '../core/limits.ts';
import { sha256Hex } from '../core/sha256.ts';
import type { Hertz } from '../core/units.ts';
import type { MaskNetwork } from '../network/MaskNetwork.ts';
import { parseMaskNetwork, serializeMaskNetwork } from '../network/maskNetworkText.ts';
import type { SpeakerSet } from './SpeakerSet.ts';

/**
 * What has been learnt of speakers that are loaded together: how each one's model should differ from its own templates, as gains over
 * frequency for every template of all of them. Gains are smooth over frequency, so they hold at any window and sample rate.
 */
export interface JointAdaptation {
  /** [bands] where gains are told, rising from 0; linear between, flat above */
  readonly frequenciesHertz: Float64Array;
  /**
   * [speakers] of [all speakers' templates x bands]: the logarithm of what multiplies a speaker's own template, or, for others'
   * templates, CROSS_LEVEL.
   */
  readonly logGains: readonly Float32Array[];
  /** Tells shares of whole bands. */
  readonly network?: MaskNetwork;
}

/** What a speaker's model has of another's template before anything is learnt; templates have mean 1. */
const CROSS_LEVEL = 1e-3;
/** Keeps gains able to raise what a template has nothing of. */
const TEMPLATE_FLOOR = 1e-6;

const FORMAT = 'unmingle-adaptation';
/** Format name written up to version 0.1; still read. */
const LEGACY_FORMAT = 'unmingle-scene';
/** 2: networks also see what the templates make of a frame. */
const FORMAT_VERSION = 2;
export const MAXIMUM_ADAPTATION_BYTES = 8_000_000;
const LIMITS = { bands: 256, templates: 8192 } as const;
/** An eighth of a neper, 1 dB, would be heard of in no mask; this is a sixteenth. */
const LOG_GAIN_STEP = 1 / 16;

/**
 * The same speakers with output templates.
 * @param speaker set as it was sampled, at any plan
 * @throws InputError where the adaptation is of other speakers
 */
export function adaptSpeakerSet(
  speakerSet: SpeakerSet,
  { frequenciesHertz, logGains, network }: JointAdaptation,
): SpeakerSet {
  const { speakers, bins, plan } = speakerSet;
  const all = speakers.reduce((total, { templates }) => total + templates, 0);
  if (logGains.length !== speakers.length) {
    throw new InputError(`the adaptation is for ${logGains.length} speakers, the speaker set has ${speakers.length}`);
  }
  const bands = frequenciesHertz.length;
  const binHertz = plan.sampleRateHertz / plan.windowSamples;
  const places = Float64Array.from({ length: bins }, (_, bin) => placeOf(frequenciesHertz, bin * binHertz));
  const outputTemplates = logGains.map((gains, s) => {
    if (gains.length !== all * bands) {
      throw new InputError(`the adaptation has ${gains.length / bands} templates, the speaker set ${all}`);
    }
    const base = outputBase(speakerSet, s);
    const linear = gains.map(Math.exp);
    for (let row = 0; row < all; row++) {
      for (let bin = 0; bin < bins; bin++) {
        const lower = Math.floor(places[bin]!);
        const weight = places[bin]! - lower;
        const first = linear[row * bands + lower]!;
        const second = linear[row * bands + Math.min(bands - 1, lower + 1)]!;
        base[row * bins + bin]! *= first + weight * (second - first);
      }
    }
    return base;
  });
  return { ...speakerSet, outputTemplates, ...(network === undefined ? {} : { network }) };
}

/** Output templates before anything is learnt: a speaker's own, and next to nothing of the others'. [all templates x bins] */
export function outputBase({ speakers, bins }: SpeakerSet, speaker: number): Float32Array {
  const all = speakers.reduce((total, { templates }) => total + templates, 0);
  const base = new Float32Array(all * bins).fill(CROSS_LEVEL);
  let first = 0;
  speakers.forEach(({ templates, values }, index) => {
    if (index === speaker)
      base.set(
        values.map((value) => value + TEMPLATE_FLOOR),
        first * bins,
      );
    first += templates;
  });
  return base;
}

/** Where a frequency lies among the bands: 2.5 is halfway between the third and the fourth. */
export function placeOf(frequenciesHertz: Float64Array, hertz: Hertz): number {
  const last = frequenciesHertz.length - 1;
  if (hertz >= frequenciesHertz[last]!) return last;
  let lower = 0;
  while (frequenciesHertz[lower + 1]! <= hertz) lower++;
  const low = frequenciesHertz[lower]!;
  return lower + (hertz - low) / (frequenciesHertz[lower + 1]! - low);
}

/** @param key of what it was learnt from: `parseAdaptation` refuses another's */
export function serializeAdaptation(adaptation: JointAdaptation, key: string): string {
  const { frequenciesHertz, logGains, network } = adaptation;
  const steps = logGains.map((gains) =>
    Int8Array.from(gains, (gain) => Math.max(-127, Math.min(127, Math.round(gain / LOG_GAIN_STEP)))),
  );
  const speakers = steps.map((gains) => ({ logGains: encodeBase64(new Uint8Array(gains.buffer)) }));
  const templates = logGains[0]!.length / frequenciesHertz.length;
  const fields = { format: FORMAT, version: FORMAT_VERSION, key, templates };
  const seen = network === undefined ? {} : { network: serializeMaskNetwork(network) };
  return `${JSON.stringify({ ...fields, frequenciesHertz: Array.from(frequenciesHertz, Math.round), speakers, ...seen }, null, 1)}\n`;
}

/**
 * Reads an adaptation as hostile input.
 * @throws InputError with the path of the first field that is wrong
 */
export function parseAdaptation(text: string, key: string): JointAdaptation {
  if (text.length > MAXIMUM_ADAPTATION_BYTES) {
    throw new InputError(`adaptation must be at most ${MAXIMUM_ADAPTATION_BYTES} bytes, got ${text.length}`);
  }
  const reader = JsonReader.parse(text, 'adaptation');
  reader.oneOf('format', [FORMAT, LEGACY_FORMAT]);
  reader.oneOf('version', [FORMAT_VERSION]);
  if (reader.text('key', 100) !== key) reader.fail('key', 'that of these speakers, in this order, by this version');
  const frequencies = reader.integers('frequenciesHertz', LIMITS.bands, 0, 192_000);
  if (frequencies[0] !== 0 || frequencies.some((hertz, band) => band > 0 && hertz <= frequencies[band - 1]!)) {
    reader.fail('frequenciesHertz', 'a list that rises from 0');
  }
  const templates = reader.integer('templates', 1, LIMITS.templates);
  const bytes = templates * frequencies.length;
  const logGains = reader.objects('speakers', 1, MAXIMUM_SPEAKERS).map((speaker) => {
    const decoded = decodedBytes(speaker, bytes);
    return Float32Array.from(new Int8Array(decoded.buffer), (step) => step * LOG_GAIN_STEP);
  });
  const adaptation = { frequenciesHertz: Float64Array.from(frequencies), logGains };
  if (!reader.has('network')) return adaptation;
  const network = parseMaskNetwork(reader.object('network'));
  if (network.speakers !== logGains.length) reader.fail('network', `for ${logGains.length} speakers`);
  return { ...adaptation, network };
}

/** Of speakers, by the hashes of their presets, in order, and of how it is learnt. */
export function adaptationKey(hashes: readonly string[]): string {
  return sha256Hex(Uint8Array.from(hashes.join(' '), (character) => character.charCodeAt(0)));
}

function decodedBytes(speaker: JsonReader, count: number): Uint8Array<ArrayBuffer> {
  const text = speaker.text('logGains', MAXIMUM_ADAPTATION_BYTES);
  let decoded: Uint8Array;
  try {
    decoded = decodeBase64(text);
  } catch {
    return speaker.fail('logGains', 'base64');
  }
  if (decoded.length !== count) speaker.fail('logGains', `base64 of ${count} bytes (this one holds ${decoded.length})`);
  return Uint8Array.from(decoded);
}
