const ROUNDS = 64;
const BLOCK_BYTES = 64;

/**
 * SHA-256 of `bytes` as 64 lower-case hexadecimal digits (FIPS 180-4). Implemented here because the engine also runs where no crypto
 * module exists, such as an AudioWorklet. It detects damaged presets, not forged ones.
 */
export function sha256Hex(bytes: Uint8Array): string {
  const padded = pad(bytes);
  const view = new DataView(padded.buffer);
  const schedule = new Int32Array(ROUNDS);
  const hash = fractionalParts(8, 2);
  for (let start = 0; start < padded.length; start += BLOCK_BYTES) {
    for (let t = 0; t < 16; t++) schedule[t] = view.getInt32(start + 4 * t);
    for (let t = 16; t < ROUNDS; t++) {
      const early = schedule[t - 15]!;
      const late = schedule[t - 2]!;
      const sigma0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
      const sigma1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
      schedule[t] = schedule[t - 16]! + sigma0 + schedule[t - 7]! + sigma1;
    }
    compress(hash, schedule);
  }
  return Array.from(hash, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function compress(hash: Int32Array, schedule: Int32Array): void {
  let [a, b, c, d, e, f, g, h] = hash as unknown as [number, number, number, number, number, number, number, number];
  for (let t = 0; t < ROUNDS; t++) {
    const sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const choice = (e & f) ^ (~e & g);
    const first = (h + sum1 + choice + ROUND_CONSTANTS[t]! + schedule[t]!) | 0;
    const sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + sum0 + majority) | 0;
  }
  const words = [a, b, c, d, e, f, g, h];
  for (let index = 0; index < words.length; index++) hash[index]! += words[index]!;
}

function pad(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const paddedBytes = Math.ceil((bytes.length + 9) / BLOCK_BYTES) * BLOCK_BYTES;
  const padded = new Uint8Array(paddedBytes);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  new DataView(padded.buffer).setBigUint64(paddedBytes - 8, BigInt(bytes.length) * 8n);
  return padded;
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

/** First 32 bits of the fractional parts of the square or cube roots of the first primes: the constants of the standard. */
function fractionalParts(count: number, root: 2 | 3): Int32Array {
  const words: number[] = [];
  for (let candidate = 2; words.length < count; candidate++) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor++) isPrime &&= candidate % divisor !== 0;
    if (isPrime) words.push((candidate ** (1 / root) % 1) * 2 ** 32);
  }
  return Int32Array.from(words, (word) => Math.floor(word) | 0);
}

const ROUND_CONSTANTS = fractionalParts(ROUNDS, 3);
