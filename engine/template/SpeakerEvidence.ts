import { decodeBase64, encodeBase64 } from '../core/base64.ts';
import { InputError } from '../core/errors.ts';
import { JsonReader } from '../core/JsonReader.ts';
import { sha256Hex } from '../core/sha256.ts';
import type { Decibels, Hertz } from '../core/units.ts';
import { requirePresetName } from './Preset.ts';

/**
 * What is kept of a speaker besides the preset, so that it can be adapted to those it is loaded with: single spectra of its speech,
 * coarse in level, without phases and in no order. Of what was said nothing can be put together again.
 */
export interface SpeakerEvidence {
  /** Of the preset that it belongs to. */
  readonly name: string;
  /** Distance of the spectra's points, from 0 Hz up. */
  readonly binHertz: Hertz;
  readonly bins: number;
  readonly frames: number;
  /** [frames] of the strongest bin, in steps of LEVEL_STEP below the loudest that can be told */
  readonly peaks: Uint8Array;
  /** [frames x bins] 0: as strong as the strongest, 14: RANGE below it, 15: nothing */
  readonly levels: Uint8Array;
}

const FORMAT = 'unmingle-evidence';
const FORMAT_VERSION = 1;
/** Of the promise: at most 300 kB for a speaker. */
export const MAXIMUM_EVIDENCE_BYTES = 300_000;
const LIMITS = { bins: 4096, frames: 4096 } as const;
const SILENT = 15;
/** Sound this far below the strongest bin does not decide about a mask. */
const RANGE: Decibels = 60;
/** The loudest bin that can be told, over the mean energy of the speech. */
const LOUDEST: Decibels = 40;
const LEVEL_STEP: Decibels = 0.5;

/**
 * @param spectra magnitudes of single frames, [frames] of [bins], scaled so that speakers are equally loud
 * @throws InputError for none, or for frames of different lengths
 */
export function quantizeEvidence(name: string, binHertz: Hertz, spectra: readonly Float32Array[]): SpeakerEvidence {
  const bins = spectra[0]?.length ?? 0;
  if (bins === 0) throw new InputError('evidence needs at least one spectrum');
  const peaks = new Uint8Array(spectra.length);
  const levels = new Uint8Array(spectra.length * bins);
  spectra.forEach((spectrum, frame) => {
    if (spectrum.length !== bins) throw new InputError(`spectra must have ${bins} bins, got ${spectrum.length}`);
    const peak = spectrum.reduce((largest, value) => Math.max(largest, value), 0);
    peaks[frame] = Math.min(255, Math.max(0, Math.round((LOUDEST - decibels(peak)) / LEVEL_STEP)));
    for (let bin = 0; bin < bins; bin++) {
      const below = decibels(peak) - decibels(spectrum[bin]!);
      levels[frame * bins + bin] = below > RANGE ? SILENT : Math.round((below / RANGE) * (SILENT - 1));
    }
  });
  return { name, binHertz, bins, frames: spectra.length, peaks, levels };
}

/** @returns [bins] magnitudes of one frame */
export function evidenceSpectrum({ bins, peaks, levels }: SpeakerEvidence, frame: number): Float32Array {
  const peak = LOUDEST - LEVEL_STEP * peaks[frame]!;
  return Float32Array.from({ length: bins }, (_, bin) => {
    const level = levels[frame * bins + bin]!;
    return level === SILENT ? 0 : 10 ** ((peak - (level / (SILENT - 1)) * RANGE) / 20);
  });
}

/** Identifies the spectra, whatever the speaker is called. */
export function evidenceHash({ binHertz, bins, peaks, levels }: SpeakerEvidence): string {
  const header = JSON.stringify({ binHertz, bins });
  const bytes = new Uint8Array(header.length + peaks.length + levels.length);
  bytes.set(Uint8Array.from(header, (character) => character.charCodeAt(0)));
  bytes.set(peaks, header.length);
  bytes.set(levels, header.length + peaks.length);
  return sha256Hex(bytes);
}

/** @returns the file's content; `parseEvidence` reads it back unchanged */
export function serializeEvidence(evidence: SpeakerEvidence): string {
  const { name, binHertz, bins, frames, peaks, levels } = evidence;
  const halves = new Uint8Array(Math.ceil(levels.length / 2));
  levels.forEach((level, index) => {
    halves[index >> 1]! |= index % 2 === 0 ? level : level << 4;
  });
  const fields = { format: FORMAT, version: FORMAT_VERSION, name, binHertz, bins, frames };
  const data = { peaks: encodeBase64(peaks), levels: encodeBase64(halves), sha256: evidenceHash(evidence) };
  return `${JSON.stringify({ ...fields, ...data }, null, 1)}\n`;
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
  const bins = reader.integer('bins', 2, LIMITS.bins);
  const frames = reader.integer('frames', 1, LIMITS.frames);
  const peaks = bytes(reader, 'peaks', frames);
  const halves = bytes(reader, 'levels', Math.ceil((frames * bins) / 2));
  const levels = Uint8Array.from({ length: frames * bins }, (_, index) =>
    index % 2 === 0 ? halves[index >> 1]! & 15 : halves[index >> 1]! >> 4,
  );
  const evidence = { name, binHertz: reader.number('binHertz', 0.1, 1000), bins, frames, peaks, levels };
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

function decibels(magnitude: number): Decibels {
  return 20 * Math.log10(Math.max(1e-12, magnitude));
}
