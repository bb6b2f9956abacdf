import type { FileBytes } from './FileBytes.ts';
import { findMp3Frame } from './mp3Frame.ts';

/** Names as in `audio-decode`; `oga` is Vorbis in Ogg. */
export type AudioFormat = 'wav' | 'flac' | 'oga' | 'opus' | 'mp3' | 'aiff' | 'caf' | 'm4a' | 'webm';

/** Extensions of the audio files in a folder; the format of a file is always detected from its content. */
export const AUDIO_EXTENSIONS: readonly string[] = [
  '.wav',
  '.flac',
  '.ogg',
  '.oga',
  '.opus',
  '.mp3',
  '.aif',
  '.aiff',
  '.caf',
  '.m4a',
  '.mp4',
  '.webm',
  '.w64',
  '.rf64',
];

/** Bytes examined after an ID3 tag, which is skipped because a picture in it can take megabytes. */
const PROBE_BYTES = 65_536;

/** @returns the format of the content; null if it is unknown */
export async function detectAudioFormat(file: FileBytes): Promise<AudioFormat | null> {
  const start = await soundStart(file);
  const bytes = await file.read(start, PROBE_BYTES);
  const textAt = (offset: number, length: number) => String.fromCharCode(...bytes.subarray(offset, offset + length));
  const magic = textAt(0, 4);
  if (['RIFF', 'RF64', 'BW64'].includes(magic)) return textAt(8, 4) === 'WAVE' ? 'wav' : null;
  if (magic === 'fLaC') return 'flac';
  if (magic === 'OggS') return oggCodec(textAt(28, 8));
  if (magic === 'FORM' && textAt(8, 3) === 'AIF') return 'aiff';
  if (magic === 'caff') return 'caf';
  if (textAt(4, 4) === 'ftyp') return 'm4a';
  if (magic === '\x1aE\xdf\xa3') return 'webm';
  return findMp3Frame(bytes) === null ? null : 'mp3';
}

/** @returns offset of the first byte after an ID3v2 tag, whose length field has 7 bits per byte; 0: no tag */
export async function soundStart(file: FileBytes): Promise<number> {
  const tag = await file.read(0, 10);
  if (tag.length < 10 || String.fromCharCode(tag[0]!, tag[1]!, tag[2]!) !== 'ID3') return 0;
  const length = ((tag[6]! & 127) << 21) | ((tag[7]! & 127) << 14) | ((tag[8]! & 127) << 7) | (tag[9]! & 127);
  return 10 + length + ((tag[5]! & 16) !== 0 ? 10 : 0);
}

/** @param packet start of the first Ogg packet, which identifies the codec */
function oggCodec(packet: string): AudioFormat | null {
  if (packet === 'OpusHead') return 'opus';
  if (packet.startsWith('\x7fFLAC')) return 'flac';
  return packet.startsWith('\x01vorbis') ? 'oga' : null;
}
