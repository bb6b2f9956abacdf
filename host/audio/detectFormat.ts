import { InputError } from '../../engine/core/errors.ts';
import {
  AUDIO_FORMATS,
  type AudioFormat,
  conversionAdvice,
  READ_FORMATS_TEXT,
  recogniseFormat,
} from './audioFormats.ts';
import type { FileBytes } from './FileBytes.ts';

/** Bytes examined after an ID3 tag, which is skipped because a picture in it can take megabytes. */
const PROBE_BYTES = 65_536;

/**
 * Detects the format of a file from its content, never from its name.
 * @throws InputError that names the format if it is not read, or lists those that are
 */
export async function detectFormat(file: FileBytes): Promise<AudioFormat> {
  const format = recogniseFormat(await file.read(await soundStart(file), PROBE_BYTES));
  if (format === null) {
    throw new InputError(`${file.name}: is not a supported audio file (${READ_FORMATS_TEXT})`);
  }
  const { label, decoder } = AUDIO_FORMATS[format];
  if (decoder === null) {
    throw new InputError(`${file.name}: its format, ${label}, is not supported; ${conversionAdvice(file.name)}`);
  }
  return format;
}

/** @returns offset of the first byte after an ID3v2 tag, whose length field has 7 bits per byte; 0: no tag */
export async function soundStart(file: FileBytes): Promise<number> {
  const tag = await file.read(0, 10);
  if (tag.length < 10 || String.fromCharCode(tag[0]!, tag[1]!, tag[2]!) !== 'ID3') return 0;
  const length = ((tag[6]! & 127) << 21) | ((tag[7]! & 127) << 14) | ((tag[8]! & 127) << 7) | (tag[9]! & 127);
  return 10 + length + ((tag[5]! & 16) !== 0 ? 10 : 0);
}
