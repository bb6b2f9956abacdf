/** Start of an MPEG audio stream, and its length as stated in the optional info frame (Xing, LAME) of MP3. */
export interface Mp3Frame {
  readonly offset: number;
  /** Length of the stream from this frame on; null: there is no info frame that states it. */
  readonly streamBytes: number | null;
}

/** Layers I, II (MP2) and III (MP3). */
type MpegLayer = 2 | 3;

const KILOBITS = {
  mpeg1: {
    2: [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    3: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  },
  mpeg2: {
    2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    3: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  },
} as const;
const MPEG1_RATES_HERTZ = [44_100, 48_000, 32_000];
/** Encoders write only padding before the first frame. */
const SEARCH_BYTES = 4096;

/** Finds the first frame of an MP3 stream; see `findMpegFrame`. */
export function findMp3Frame(bytes: Uint8Array): Mp3Frame | null {
  return findMpegFrame(bytes, 3);
}

/**
 * Finds the first frame of a layer that is followed by another one of the same version, since a single sync pattern occurs in any data.
 * @param bytes start of the file, after its ID3 tag
 */
export function findMpegFrame(bytes: Uint8Array, layer: MpegLayer): Mp3Frame | null {
  for (let offset = 0; offset < Math.min(SEARCH_BYTES, bytes.length - 4); offset++) {
    const length = frameBytes(bytes, offset, layer);
    if (length === null) continue;
    const next = offset + length;
    const isLast = next === bytes.length;
    // A frame has been found at both offsets, so both have a second byte.
    const isSameKind = () => (bytes[next + 1]! & 0xfe) === (bytes[offset + 1]! & 0xfe);
    if (isLast || (frameBytes(bytes, next, layer) !== null && isSameKind()))
      return { offset, streamBytes: statedBytes(bytes, offset) };
  }
  return null;
}

function frameBytes(bytes: Uint8Array, offset: number, layer: MpegLayer): number | null {
  const layerBits = 0xe0 | ((4 - layer) << 1);
  if (offset + 4 > bytes.length || bytes[offset] !== 0xff || (bytes[offset + 1]! & 0xe6) !== layerBits) return null;
  const version = (bytes[offset + 1]! >> 3) & 3;
  const bitrateIndex = bytes[offset + 2]! >> 4;
  const rateIndex = (bytes[offset + 2]! >> 2) & 3;
  if (version === 1 || rateIndex === 3 || bitrateIndex === 0 || bitrateIndex === 15) return null;
  const isMpeg1 = version === 3;
  const rateDivisor = isMpeg1 ? 1 : version === 2 ? 2 : 4;
  const rateHertz = MPEG1_RATES_HERTZ[rateIndex]! / rateDivisor;
  const kilobits = KILOBITS[isMpeg1 ? 'mpeg1' : 'mpeg2'][layer][bitrateIndex]!;
  const padding = (bytes[offset + 2]! >> 1) & 1;
  // A frame has 1152 samples, or 576 in layer III of MPEG 2.
  const factor = isMpeg1 || layer === 2 ? 144 : 72;
  return Math.floor((factor * 1000 * kilobits) / rateHertz) + padding;
}

/** The info frame is a silent first frame: a name, flags, the number of frames if flag 1 is set, the number of bytes if flag 2 is set. */
function statedBytes(bytes: Uint8Array, offset: number): number | null {
  const isMpeg1 = ((bytes[offset + 1]! >> 3) & 3) === 3;
  const isMono = bytes[offset + 3]! >> 6 === 3;
  const sideInformationBytes = isMpeg1 ? (isMono ? 17 : 32) : isMono ? 9 : 17;
  const info = offset + 4 + sideInformationBytes;
  if (info + 16 > bytes.length) return null;
  const name = String.fromCharCode(...bytes.subarray(info, info + 4));
  if (name !== 'Xing' && name !== 'Info') return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const flags = view.getUint32(info + 4);
  if ((flags & 2) === 0) return null;
  return view.getUint32(info + ((flags & 1) !== 0 ? 12 : 8));
}
