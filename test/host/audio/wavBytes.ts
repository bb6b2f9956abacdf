export interface WavOptions {
  readonly code?: number;
  readonly bits?: number;
  readonly channels?: number;
  readonly sampleRateHertz?: number;
  /** Size of the data as stated in the header. @default the actual size */
  readonly claimedDataBytes?: number;
  readonly claimedFrameBytes?: number;
  /** Written as WAVE_FORMAT_EXTENSIBLE. */
  readonly isExtensible?: boolean;
  /** Written as RF64, with the lengths in its ds64 chunk. */
  readonly isRf64?: boolean;
  /** Bytes of a chunk before the data. */
  readonly listBytes?: number;
}

/** A WAV file made independently of the writer under test. @param data as it lies in the file, interleaved */
export function wavBytes(data: Uint8Array, options: WavOptions = {}): Uint8Array {
  const { code = 1, bits = 16, channels = 1, sampleRateHertz = 16_000, listBytes = 0 } = options;
  const frameBytes = options.claimedFrameBytes ?? (channels * bits) / 8;
  const claimedDataBytes = options.claimedDataBytes ?? data.length;
  const format = Buffer.alloc(options.isExtensible ? 40 : 16);
  format.writeUInt16LE(options.isExtensible ? 0xfffe : code, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(sampleRateHertz, 4);
  format.writeUInt32LE((sampleRateHertz * frameBytes) >>> 0, 8);
  format.writeUInt16LE(frameBytes, 12);
  format.writeUInt16LE(bits, 14);
  if (options.isExtensible) {
    format.writeUInt16LE(22, 16);
    format.writeUInt16LE(code, 24);
  }
  const long = Buffer.alloc(28);
  long.writeBigUInt64LE(BigInt(claimedDataBytes), 8);
  const body = Buffer.concat([
    ...(options.isRf64 ? [chunk('ds64', long)] : []),
    chunk('fmt ', format),
    ...(listBytes > 0 ? [chunk('LIST', Buffer.alloc(listBytes))] : []),
    chunk('data', Buffer.from(data), options.isRf64 ? 0xffff_ffff : claimedDataBytes),
  ]);
  return Buffer.concat([
    Buffer.from(options.isRf64 ? 'RF64' : 'RIFF'),
    uint32(body.length + 4),
    Buffer.from('WAVE'),
    body,
  ]);
}

export function pcm16(values: readonly number[]): Uint8Array {
  return new Uint8Array(Int16Array.from(values).buffer);
}

export function float32(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

function chunk(name: string, data: Buffer, claimedBytes = data.length): Buffer {
  return Buffer.concat([Buffer.from(name), uint32(claimedBytes), data, Buffer.alloc(data.length % 2)]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
