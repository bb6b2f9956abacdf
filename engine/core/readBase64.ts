import { decodeBase64 } from './base64.ts';
import type { JsonReader } from './JsonReader.ts';

/**
 * Reads a base64 field of a file.
 * @param byteCount exact number of bytes that the field must contain
 * @param maximumCharacters limit on the text, checked before it is decoded
 * @throws InputError with the path of the field
 */
export function readBase64(
  reader: JsonReader,
  name: string,
  byteCount: number,
  maximumCharacters: number,
): Uint8Array<ArrayBuffer> {
  const text = reader.text(name, maximumCharacters);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = decodeBase64(text);
  } catch {
    return reader.fail(name, 'base64');
  }
  if (bytes.length !== byteCount) reader.fail(name, `base64 of ${byteCount} bytes (this one holds ${bytes.length})`);
  return bytes;
}
