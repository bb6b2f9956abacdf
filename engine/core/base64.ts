import { InputError } from './errors.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const SEXTETS = new Map(Array.from(ALPHABET, (character, sextet) => [character.charCodeAt(0), sextet]));

/** Base64 with padding (RFC 4648). Implemented here because an AudioWorklet has neither atob nor Buffer. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const triple = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const digits = Math.min(4, bytes.length - at + 1);
    for (let digit = 0; digit < 4; digit++) text += digit < digits ? ALPHABET[(triple >> (18 - 6 * digit)) & 63] : '=';
  }
  return text;
}

/** @throws InputError if `text` is not padded base64 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  if (text.length % 4 !== 0)
    throw new InputError(`base64 length must be a multiple of 4 characters, got ${text.length}`);
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let filled = 0;
  for (let at = 0; at < text.length; at += 4) {
    let triple = 0;
    for (let digit = 0; digit < 4; digit++) {
      const isPadding = at + digit >= text.length - padding;
      const sextet = isPadding ? 0 : SEXTETS.get(text.charCodeAt(at + digit));
      if (sextet === undefined) throw new InputError(`base64 must not contain ${JSON.stringify(text[at + digit])}`);
      triple = (triple << 6) | sextet;
    }
    for (let byte = 0; byte < 3 && filled < bytes.length; byte++) bytes[filled++] = (triple >> (16 - 8 * byte)) & 255;
  }
  return bytes;
}
