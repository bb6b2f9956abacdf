import type { Hertz } from '../../engine/core/units.ts';

/*
 * Binary message on the WebSocket of the mix: version (byte), three zero bytes, sample rate (uint32), then mono samples as 16-bit integers,
 * all little-endian. Each frame states its rate, because devices may be changed while somebody listens.
 */
const VERSION = 1;
const HEADER_BYTES = 8;
const FULL_SCALE = 32_767;
/** Longest frame that is accepted: more than a second at any rate. */
const MAXIMUM_SAMPLES = 2 ** 19;

/** A piece of the mix. */
export interface SoundFrame {
  readonly sampleRateHertz: Hertz;
  /** -1 to 1 */
  readonly samples: Float32Array<ArrayBuffer>;
}

/** @param samples limited to -1 to 1 */
export function encodeSoundFrame(samples: Float32Array, sampleRateHertz: Hertz): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(HEADER_BYTES + 2 * samples.length));
  view.setUint8(0, VERSION);
  view.setUint32(4, sampleRateHertz, true);
  for (let n = 0; n < samples.length; n++) {
    const limited = Math.max(-1, Math.min(1, samples[n]!));
    view.setInt16(HEADER_BYTES + 2 * n, Math.round(limited * FULL_SCALE), true);
  }
  return new Uint8Array(view.buffer);
}

/** @returns null for bytes that are no sound frame, such as one of another version */
export function decodeSoundFrame(bytes: ArrayBuffer): SoundFrame | null {
  const count = (bytes.byteLength - HEADER_BYTES) / 2;
  if (count < 0 || !Number.isInteger(count) || count > MAXIMUM_SAMPLES) return null;
  const view = new DataView(bytes);
  const sampleRateHertz = view.getUint32(4, true);
  if (view.getUint8(0) !== VERSION || sampleRateHertz === 0) return null;
  const samples = new Float32Array(count);
  for (let n = 0; n < count; n++) samples[n] = view.getInt16(HEADER_BYTES + 2 * n, true) / FULL_SCALE;
  return { sampleRateHertz, samples };
}
