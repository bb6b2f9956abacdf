import { bandEdges } from '../core/bandEdges.ts';
import { decodeBase64, encodeBase64 } from '../core/base64.ts';
import { InputError } from '../core/errors.ts';
import { JsonReader } from '../core/JsonReader.ts';
import { sha256Hex } from '../core/sha256.ts';
import type { Decibels, Hertz, Seconds } from '../core/units.ts';
import { requirePresetName } from './Preset.ts';

/**
 * What is kept of a speaker besides the preset, so that it can be adapted to those it is loaded with: single spectra of its speech,
 * coarse in level and above 1.6 kHz in frequency, without phases and in no order. By likeness, pieces of some 60 ms can be put in order
 * again, 0.3 s at most (test/experiments/quality): single sounds, no words.
 */
export interface SpeakerEvidence {
  /** Of the preset that it belongs to. */
  readonly name: string;
  /** Distance of bins, from 0 Hz up. */
  readonly binHertz: Hertz;
  /** [bands + 1] first bin of each band that bins have been merged into, then the number of bins */
  readonly edges: Int32Array;
  readonly frames: number;
  /** [frames] of the strongest band, in steps of LEVEL_STEP below the loudest that can be told */
  readonly peaks: Uint8Array;
  /** [frames x bands] 0: as strong as the strongest, 14: RANGE below it, 15: nothing */
  readonly levels: Uint8Array;
}

/** Window of the spectra that are kept: longer than those that run live, it tells harmonics apart. */
export const EVIDENCE_WINDOW_SECONDS: Seconds = 0.064;

const FORMAT = 'unmingle-evidence';
const FORMAT_VERSION = 1;
/** Of the promise: at most 300 kB for a speaker. */
export const MAXIMUM_EVIDENCE_BYTES = 300_000;
const LIMITS = { bins: 32_768, bands: 1024, frames: 4096 } as const;
const SILENT = 15;
/** Numbers that fit in the limit, at half a byte each and as base64. */
const MOST_LEVELS = 436_000;
/** More say nothing more. */
const MOST_FRAMES = 3000;
const RELATIVE_BANDWIDTH = 0.02;
/** Sound this far below the strongest bin does not decide about a mask. */
const RANGE: Decibels = 60;
/** The loudest bin that can be told, over the mean energy of the speech. */
const LOUDEST: Decibels = 40;
const LEVEL_STEP: Decibels = 0.5;

/** Spectra of so many bins that fit in the limit. */
export function evidenceFrames(bins: number): number {
  return Math.min(MOST_FRAMES, Math.floor(MOST_LEVELS / (bandEdges(bins, RELATIVE_BANDWIDTH).length + 1)));
}

/**
 * @param spectra magnitudes of single frames, [frames] of [bins], scaled so that speakers are equally loud
 * @throws InputError for none, or for frames of different lengths
 */
export function quantizeEvidence(name: string, binHertz: Hertz, spectra: readonly Float32Array[]): SpeakerEvidence {
  const bins = spectra[0]?.length ?? 0;
  if (bins === 0) throw new InputError('evidence needs at least one spectrum');
  const edges = bandEdges(bins, RELATIVE_BANDWIDTH);
  const bands = edges.length - 1;
  const peaks = new Uint8Array(spectra.length);
  const levels = new Uint8Array(spectra.length * bands);
  spectra.forEach((spectrum, frame) => {
    if (spectrum.length !== bins) throw new InputError(`spectra must have ${bins} bins, got ${spectrum.length}`);
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

/** @returns [bins] magnitudes of one frame, flat within bands */
export function evidenceSpectrum({ edges, peaks, levels }: SpeakerEvidence, frame: number): Float32Array {
  const bands = edges.length - 1;
  const peak = LOUDEST - LEVEL_STEP * peaks[frame]!;
  const spectrum = new Float32Array(edges[bands]!);
  for (let band = 0; band < bands; band++) {
    const level = levels[frame * bands + band]!;
    const magnitude = level === SILENT ? 0 : 10 ** ((peak - (level / (SILENT - 1)) * RANGE) / 20);
    spectrum.fill(magnitude, edges[band], edges[band + 1]);
  }
  return spectrum;
}

/** Identifies the spectra, whatever the speaker is called. */
export function evidenceHash({ binHertz, edges, peaks, levels }: SpeakerEvidence): string {
  const header = JSON.stringify({ binHertz, edges: Array.from(edges) });
  const bytes = new Uint8Array(header.length + peaks.length + levels.length);
  bytes.set(Uint8Array.from(header, (character) => character.charCodeAt(0)));
  bytes.set(peaks, header.length);
  bytes.set(levels, header.length + peaks.length);
  return sha256Hex(bytes);
}

/** @returns the file's content; `parseEvidence` reads it back unchanged */
export function serializeEvidence(evidence: SpeakerEvidence): string {
  const { name, binHertz, edges, frames, peaks, levels } = evidence;
  const halves = new Uint8Array(Math.ceil(levels.length / 2));
  levels.forEach((level, index) => {
    halves[index >> 1]! |= index % 2 === 0 ? level : level << 4;
  });
  const fields = { format: FORMAT, version: FORMAT_VERSION, name, binHertz, edges: Array.from(edges), frames };
  const data = { peaks: encodeBase64(peaks), levels: encodeBase64(halves), sha256: evidenceHash(evidence) };
  return `${JSON.stringify({ ...fields, ...data })}\n`;
}

/**
 * Reads evidence as hostile input.
 * @throws InputError with the path of the first field that is wrong
 */
export function parseEvidence(text: string): SpeakerEvidence {
  if (text.length > MAXIMUM_EVIDENCE_BYTES) {
    throw new InputError(`evidence must be at most ${MAXIMUM_EVIDENCE_BYTES} bytes, got ${text.length}`);
  }
  const reader = JsonReader.parse(text, 'evidence');
  reader.oneOf('format', [FORMAT]);
  reader.oneOf('version', [FORMAT_VERSION]);
  const name = reader.text('name', 64);
  requirePresetName(name);
  const edges = Int32Array.from(reader.integers('edges', LIMITS.bands + 1, 0, LIMITS.bins));
  if (edges.length < 2 || edges[0] !== 0 || edges.some((edge, band) => band > 0 && edge <= edges[band - 1]!)) {
    reader.fail('edges', 'a list of at least two integers that rises from 0');
  }
  const bands = edges.length - 1;
  const frames = reader.integer('frames', 1, LIMITS.frames);
  const peaks = bytes(reader, 'peaks', frames);
  const halves = bytes(reader, 'levels', Math.ceil((frames * bands) / 2));
  const levels = Uint8Array.from({ length: frames * bands }, (_, index) =>
    index % 2 === 0 ? halves[index >> 1]! & 15 : halves[index >> 1]! >> 4,
  );
  const evidence = { name, binHertz: reader.number('binHertz', 0.1, 1000), edges, frames, peaks, levels };
  if (reader.text('sha256', 64) !== evidenceHash(evidence)) {
    reader.fail('sha256', `the hash of the spectra, ${evidenceHash(evidence)} (the file was damaged or edited)`);
  }
  return evidence;
}

function bytes(reader: JsonReader, name: string, count: number): Uint8Array {
  const text = reader.text(name, MAXIMUM_EVIDENCE_BYTES);
  let decoded: Uint8Array;
  try {
    decoded = decodeBase64(text);
  } catch {
    return reader.fail(name, 'base64');
  }
  if (decoded.length !== count) reader.fail(name, `base64 of ${count} bytes (this one holds ${decoded.length})`);
  return decoded;
}

/** Of the bins of a band. */
function rms(spectrum: Float32Array, first: number, end: number): number {
  let power = 0;
  for (let bin = first; bin < end; bin++) power += spectrum[bin]! ** 2;
  return Math.sqrt(power / (end - first));
}

function decibels(magnitude: number): Decibels {
  return 20 * Math.log10(Math.max(1e-12, magnitude));
}
