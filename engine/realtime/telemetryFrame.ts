import { MAXIMUM_SPEAKERS } from '../core/limits.ts';
import type { Decibels, Hertz, Seconds } from '../core/units.ts';

/** Version of the frame format, its first byte. A panel that expects another version reloads itself. */
export const TELEMETRY_VERSION = 3;

/** Bands of each spectrum: few enough for 60 frames per second of eight speakers in less than 1 Mbit/s. */
export const SPECTRUM_BANDS = 144;

/** Levels are bytes in steps of 0.5 dB: 0 is silence, 240 full scale. */
const LEVEL_OFFSET_DECIBELS = 120;
const LEVEL_STEPS_PER_DECIBEL = 2;

/** Level of one signal since the previous frame, in dB relative to full scale. */
export interface SignalLevel {
  readonly peakDecibels: Decibels;
  readonly rmsDecibels: Decibels;
}

/** One telemetry frame: levels, spectra and activations of the engine's latest STFT frame. */
export interface TelemetryFrame {
  /** Duration of the sound processed since the engine started. */
  readonly seconds: Seconds;
  readonly sampleRateHertz: Hertz;
  readonly input: SignalLevel;
  /** The main output. */
  readonly output: SignalLevel;
  readonly rest: SignalLevel;
  readonly speakers: readonly SpeakerFrame[];
  /** [SPECTRUM_BANDS] level bytes of the mixture, in the bands of `bandEdgesHertz`. */
  readonly spectrum: Uint8Array;
  /** [SPECTRUM_BANDS] level bytes of the rest, which belongs to no speaker. */
  readonly restSpectrum: Uint8Array;
}

export interface SpeakerFrame extends SignalLevel {
  /** Probability that this speaker is active, 0 to 1, in steps of 1/255. */
  readonly activity: number;
  /** [SPECTRUM_BANDS] level bytes of this speaker's share; minus the mixture's level it is the mask. */
  readonly spectrum: Uint8Array;
  /** [templates] 0 to 255, linear in the fourth root of the activation, summed over a template's frequency-scaled copies. */
  readonly activations: Uint8Array;
}

/** @returns level byte, 0 to 255; 0 for silence and NaN */
export function levelByte(decibels: Decibels): number {
  return Math.max(0, Math.min(255, Math.round((decibels + LEVEL_OFFSET_DECIBELS) * LEVEL_STEPS_PER_DECIBEL))) || 0;
}

export function levelDecibels(byte: number): Decibels {
  return byte / LEVEL_STEPS_PER_DECIBEL - LEVEL_OFFSET_DECIBELS;
}

/**
 * Edges of the bands, from 0 Hz to half the sample rate, spaced by the inverse hyperbolic sine: linear below about 500 Hz, where single
 * harmonics are visible, and logarithmic above. Unlike `core/bandEdges` their number is fixed, as the frame format needs it.
 * @returns [SPECTRUM_BANDS + 1]
 */
export function bandEdgesHertz(sampleRateHertz: Hertz): Float64Array {
  const kneeHertz = 500;
  const top = Math.asinh(sampleRateHertz / 2 / kneeHertz);
  return Float64Array.from(
    { length: SPECTRUM_BANDS + 1 },
    (_, edge) => kneeHertz * Math.sinh((edge / SPECTRUM_BANDS) * top),
  );
}

/*
 * Little endian: version u8, speakers u8, templates of each speaker u16 x speakers, then seconds f64, sample rate f32, levels (peak, rms)
 * u8 of input, output, rest and each speaker, activity u8 of each speaker, spectra u8 x bands of mixture and rest, for each speaker spectrum u8 x bands, activations
 * u8 x templates.
 */

/** @param templates of each speaker @returns size of a frame in bytes */
export function telemetryBytes(templates: readonly number[]): number {
  const activations = templates.reduce((total, each) => total + each, 0);
  return headerBytes(templates.length) + SPECTRUM_BANDS * (2 + templates.length) + activations;
}

/**
 * Writes a frame without allocating.
 * @param bytes [telemetryBytes] overwritten
 * @param view of the same memory
 * @returns bytes written
 */
export function writeTelemetryFrame(frame: TelemetryFrame, bytes: Uint8Array, view: DataView): number {
  const { speakers } = frame;
  bytes[0] = TELEMETRY_VERSION;
  bytes[1] = speakers.length;
  let position = 2;
  for (let s = 0; s < speakers.length; s++, position += 2)
    view.setUint16(position, speakers[s]!.activations.length, true);
  view.setFloat64(position, frame.seconds, true);
  view.setFloat32(position + 8, frame.sampleRateHertz, true);
  position = writeLevel(frame.input, bytes, position + 12);
  position = writeLevel(frame.output, bytes, position);
  position = writeLevel(frame.rest, bytes, position);
  for (let s = 0; s < speakers.length; s++) position = writeLevel(speakers[s]!, bytes, position);
  for (let s = 0; s < speakers.length; s++) bytes[position++] = Math.round(255 * speakers[s]!.activity);
  position = append(frame.spectrum, bytes, position);
  position = append(frame.restSpectrum, bytes, position);
  for (let s = 0; s < speakers.length; s++) {
    position = append(speakers[s]!.spectrum, bytes, position);
    position = append(speakers[s]!.activations, bytes, position);
  }
  return position;
}

/** @returns the frame, its arrays views of `bytes`; null unless `bytes` is a complete frame of this version */
export function decodeTelemetryFrame(bytes: Uint8Array): TelemetryFrame | null {
  const count = bytes[1] ?? 0;
  if (bytes[0] !== TELEMETRY_VERSION || count > MAXIMUM_SPEAKERS || bytes.length < headerBytes(count)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const templates = Array.from({ length: count }, (_, speaker) => view.getUint16(2 + 2 * speaker, true));
  const spectra = SPECTRUM_BANDS * (2 + count);
  if (bytes.length !== headerBytes(count) + spectra + templates.reduce((total, each) => total + each, 0)) return null;
  let position = 2 + 2 * count;
  const seconds = view.getFloat64(position, true);
  const sampleRateHertz = view.getFloat32(position + 8, true);
  if (!(seconds >= 0 && sampleRateHertz > 0 && Number.isFinite(seconds) && Number.isFinite(sampleRateHertz)))
    return null;
  position += 12;
  const level = (): SignalLevel => ({
    peakDecibels: levelDecibels(bytes[position++]!),
    rmsDecibels: levelDecibels(bytes[position++]!),
  });
  const take = (length: number) => {
    position += length;
    return bytes.subarray(position - length, position);
  };
  const [input, output, rest] = [level(), level(), level()];
  const levels = templates.map(level);
  const activities = templates.map(() => bytes[position++]! / 255);
  const spectrum = take(SPECTRUM_BANDS);
  const restSpectrum = take(SPECTRUM_BANDS);
  const speakers = templates.map((length, speaker) => ({
    ...levels[speaker]!,
    activity: activities[speaker]!,
    spectrum: take(SPECTRUM_BANDS),
    activations: take(length),
  }));
  return { seconds, sampleRateHertz, input, output, rest, speakers, spectrum, restSpectrum };
}

function headerBytes(speakers: number): number {
  return 2 + 2 * speakers + 12 + 2 * (3 + speakers) + speakers;
}

function writeLevel(level: SignalLevel, bytes: Uint8Array, position: number): number {
  bytes[position] = levelByte(level.peakDecibels);
  bytes[position + 1] = levelByte(level.rmsDecibels);
  return position + 2;
}

function append(values: Uint8Array, bytes: Uint8Array, position: number): number {
  for (let n = 0; n < values.length; n++) bytes[position + n] = values[n]!;
  return position + values.length;
}
