import { mergedBinEdges } from '../core/bandEdges.ts';
import { encodeBase64 } from '../core/base64.ts';
import { InputError, requireInteger } from '../core/errors.ts';
import { JsonReader } from '../core/JsonReader.ts';
import { readBase64 } from '../core/readBase64.ts';
import { sha256Hex } from '../core/sha256.ts';
import type { Decibels, Hertz, Seconds } from '../core/units.ts';
import { MAXIMUM_WRITTEN_NAME_LENGTH, presetName } from './PresetName.ts';

/**
 * Evidence of a speaker: single magnitude spectra of its speech, stored beside the preset, from which joint adaptation learns. They are
 * coarse in level and, above 1.6 kHz, in frequency; they have no phases and are in random order. Sorted by similarity, they can be
 * rejoined to at most 0.3 s of speech (test/experiments/quality): single sounds, no words.
 */
export interface SpeakerEvidence {
  /** Name of the preset. */
  readonly name: string;
  /** Spacing of the bins, which start at 0 Hz. */
  readonly binHertz: Hertz;
  /** [bands + 1] first bin of each merged band, then the number of bins */
  readonly edges: Int32Array;
  readonly frames: number;
  /** [frames] level of the strongest band, in steps of `LEVEL_STEP` below `LOUDEST` */
  readonly peaks: Uint8Array;
  /** [frames x bands] level of each band, in steps from 0 (that of the strongest band) to 14 (`RANGE` below it); 15: silent */
  readonly levels: Uint8Array;
}

/** Window of the spectra: longer than live windows, so that harmonics are resolved. */
export const EVIDENCE_WINDOW_SECONDS: Seconds = 0.064;

const FORMAT = 'unmingle-evidence';
const FORMAT_VERSION = 1;
/** Largest evidence file: at most 300 kB per speaker, as documented to users. */
export const MAXIMUM_EVIDENCE_BYTES = 300_000;
const LIMITS = { bins: 32_768, bands: 1024, frames: 4096 } as const;
const SILENT = 15;
/** Largest number of levels in a file within the limit: half a byte each, as base64. */
const MOST_LEVELS = 436_000;
/** More frames do not improve adaptation. */
const MOST_FRAMES = 3000;
/** Largest width of a merged band relative to its frequency. */
const RELATIVE_BANDWIDTH = 0.02;
/** Range of the levels below the strongest band; softer bands do not affect masks. */
const RANGE: Decibels = 60;
/** Loudest level that can be stored, relative to the mean energy of the speech. */
const LOUDEST: Decibels = 40;
const LEVEL_STEP: Decibels = 0.5;
/** [levels] magnitude of each level relative to the strongest band */
const LEVEL_MAGNITUDES = Float64Array.from({ length: SILENT + 1 }, (_, level) =>
  level === SILENT ? 0 : 10 ** (((-level / (SILENT - 1)) * RANGE) / 20),
);

/** @returns number of spectra of `bins` bins that fit in an evidence file */
export function evidenceFrames(bins: number): number {
  return Math.min(MOST_FRAMES, Math.floor(MOST_LEVELS / (mergedBinEdges(bins, RELATIVE_BANDWIDTH).length + 1)));
}

/**
 * Quantises spectra for storage.
 * @param spectra [frames] of [bins] magnitudes, scaled so that speakers are equally loud
 * @throws InputError if there are no spectra or they differ in length
 */
export function quantizeEvidence(name: string, binHertz: Hertz, spectra: readonly Float32Array[]): SpeakerEvidence {
  const bins = spectra[0]?.length ?? 0;
  if (bins === 0) throw new InputError('spectra must contain at least one spectrum, got 0');
  const edges = mergedBinEdges(bins, RELATIVE_BANDWIDTH);
  const bands = edges.length - 1;
  const peaks = new Uint8Array(spectra.length);
  const levels = new Uint8Array(spectra.length * bands);
  spectra.forEach((spectrum, frame) => {
    if (spectrum.length !== bins)
      throw new InputError(`spectra[${frame}] must have ${bins} bins, as many as spectra[0], got ${spectrum.length}`);
    const magnitudes = Float64Array.from({ length: bands }, (_, band) => rms(spectrum, edges[band]!, edges[band + 1]!));
    const peak = decibels(magnitudes.reduce((largest, value) => Math.max(largest, value), 0));
    peaks[frame] = Math.min(255, Math.max(0, Math.round((LOUDEST - peak) / LEVEL_STEP)));
    magnitudes.forEach((magnitude, band) => {
      const below = peak - decibels(magnitude);
      levels[frame * bands + band] = below > RANGE ? SILENT : Math.round((below / RANGE) * (SILENT - 1));
    });
  });
  return { name, binHertz, edges, frames: spectra.length, peaks, levels };
}

/**
 * @param frame 0 to `frames` - 1
 * @returns [bins] magnitudes of the frame, constant within bands
 * @throws InputError if there is no such frame
 */
export function evidenceSpectrum({ edges, frames, peaks, levels }: SpeakerEvidence, frame: number): Float32Array {
  requireInteger('frame', frame, 0, frames - 1);
  const bands = edges.length - 1;
  const peak = 10 ** ((LOUDEST - LEVEL_STEP * peaks[frame]!) / 20);
  const spectrum = new Float32Array(edges.at(-1) ?? 0);
  for (let band = 0; band < bands; band++) {
    const level = levels[frame * bands + band]!;
    const magnitude = peak * LEVEL_MAGNITUDES[level]!;
    for (let bin = edges[band]!; bin < edges[band + 1]!; bin++) spectrum[bin] = magnitude;
  }
  return spectrum;
}

/** SHA-256 of the spectra: identifies them regardless of the speaker's name. */
export function evidenceHash({ binHertz, edges, peaks, levels }: SpeakerEvidence): string {
  const header = JSON.stringify({ binHertz, edges: Array.from(edges) });
  const bytes = new Uint8Array(header.length + peaks.length + levels.length);
  bytes.set(Uint8Array.from(header, (character) => character.charCodeAt(0)));
  bytes.set(peaks, header.length);
  bytes.set(levels, header.length + peaks.length);
  return sha256Hex(bytes);
}

/** @returns content of the evidence file, which `parseEvidence` reads back unchanged */
export function serializeEvidence(evidence: SpeakerEvidence): string {
  const { name, binHertz, edges, frames, peaks, levels } = evidence;
  const halves = new Uint8Array(Math.ceil(levels.length / 2));
  levels.forEach((level, index) => {
    halves[index >> 1]! |= index % 2 === 0 ? level : level << 4;
  });
  const content = {
    format: FORMAT,
    version: FORMAT_VERSION,
    name,
    binHertz,
    edges: Array.from(edges),
    frames,
    peaks: encodeBase64(peaks),
    levels: encodeBase64(halves),
    sha256: evidenceHash(evidence),
  };
  return `${JSON.stringify(content)}\n`;
}

/**
 * Parses evidence from an untrusted file.
 * @throws InputError with the path of the first invalid field
 */
export function parseEvidence(text: string): SpeakerEvidence {
  if (text.length > MAXIMUM_EVIDENCE_BYTES) {
    throw new InputError(`evidence must be at most ${MAXIMUM_EVIDENCE_BYTES} bytes, got ${text.length}`);
  }
  const reader = JsonReader.parse(text, 'evidence');
  reader.oneOf('format', [FORMAT]);
  reader.version(FORMAT_VERSION);
  const name = presetName(reader.text('name', MAXIMUM_WRITTEN_NAME_LENGTH));
  const edges = Int32Array.from(reader.integers('edges', LIMITS.bands + 1, 0, LIMITS.bins));
  if (edges.length < 2 || edges[0] !== 0 || edges.some((edge, band) => band > 0 && edge <= edges[band - 1]!)) {
    reader.fail('edges', 'a list of at least two integers that rises from 0');
  }
  const bands = edges.length - 1;
  const frames = reader.integer('frames', 1, LIMITS.frames);
  const peaks = readBase64(reader, 'peaks', frames, MAXIMUM_EVIDENCE_BYTES);
  const halves = readBase64(reader, 'levels', Math.ceil((frames * bands) / 2), MAXIMUM_EVIDENCE_BYTES);
  // A loop, because `Uint8Array.from` takes 50 ms for the evidence of a minute.
  const levels = new Uint8Array(frames * bands);
  for (let index = 0; index < levels.length; index++) {
    const pair = halves[index >> 1]!;
    levels[index] = index % 2 === 0 ? pair & 15 : pair >> 4;
  }
  const evidence = { name, binHertz: reader.number('binHertz', 0.1, 1000), edges, frames, peaks, levels };
  if (reader.text('sha256', 64) !== evidenceHash(evidence)) {
    reader.fail('sha256', `the hash of the spectra, ${evidenceHash(evidence)} (the file was damaged or edited)`);
  }
  return evidence;
}

/** Root mean square of the bins of a band. */
function rms(spectrum: Float32Array, first: number, end: number): number {
  let power = 0;
  for (let bin = first; bin < end; bin++) power += spectrum[bin]! ** 2;
  return Math.sqrt(power / (end - first));
}

function decibels(magnitude: number): Decibels {
  return 20 * Math.log10(Math.max(1e-12, magnitude));
}
