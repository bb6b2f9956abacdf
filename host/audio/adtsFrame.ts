/** Encoders write nothing before the first frame; a stream that was cut starts within one. */
const SEARCH_BYTES = 8192;
/** Sync words occur in any data: this many frames must follow each other. */
const REQUIRED_FRAMES = 3;

/** @returns whether the bytes are AAC in ADTS frames: the form of AAC without a container */
export function isAdtsStream(bytes: Uint8Array): boolean {
  for (let offset = 0; offset < Math.min(SEARCH_BYTES, bytes.length - 7); offset++) {
    if (hasFrames(bytes, offset)) return true;
  }
  return false;
}

function hasFrames(bytes: Uint8Array, start: number): boolean {
  let offset = start;
  for (let frame = 0; frame < REQUIRED_FRAMES; frame++) {
    const length = frameBytes(bytes, offset);
    if (length === null) return frame > 0 && offset === bytes.length;
    offset += length;
  }
  return true;
}

/** Reads an ADTS header: 12 bits sync, 1 bit version, 2 bits layer (0), ..., 4 bits rate index, ..., 13 bits frame length. */
function frameBytes(bytes: Uint8Array, offset: number): number | null {
  if (offset + 7 > bytes.length || bytes[offset] !== 0xff || (bytes[offset + 1]! & 0xf6) !== 0xf0) return null;
  const rateIndex = (bytes[offset + 2]! >> 2) & 15;
  const length = ((bytes[offset + 3]! & 3) << 11) | (bytes[offset + 4]! << 3) | (bytes[offset + 5]! >> 5);
  return rateIndex <= 12 && length > 7 ? length : null;
}
