import { parse } from 'node:path';
import { isAdtsStream } from './adtsFrame.ts';
import { findMp3Frame, findMpegFrame } from './mp3Frame.ts';

/** One audio format: how its content is recognised, and whether it is read. */
export interface FormatEntry {
  /** Name for users. */
  readonly label: string;
  /** Usual endings of file names, lower case, with the dot. */
  readonly extensions: readonly string[];
  /** `own`: a decoder of this folder; `library`: the decoder of `audio-decode` with the entry's key as its name; null: not read. */
  readonly decoder: 'own' | 'library' | null;
  /** @param head the first bytes of the file after an ID3 tag; 64 kB, or all of a shorter file */
  readonly recognises: (head: Uint8Array) => boolean;
}

/**
 * All formats that are recognised, in the order in which they are tried: formats whose mark is a few bits come last. Help texts, the filter
 * of `train FOLDER` and error texts derive from this table.
 */
export const AUDIO_FORMATS = {
  wav: entry('WAV', ['.wav', '.wave', '.rf64', '.bwf'], 'own', (head) =>
    ['RIFF', 'RF64', 'BW64'].some((mark) => hasText(head, 0, mark) && hasText(head, 8, 'WAVE')),
  ),
  w64: entry('W64', ['.w64'], 'own', (head) => hasText(head, 0, 'riff\x2e\x91\xcf\x11') && hasText(head, 24, 'wave')),
  au: entry('AU', ['.au', '.snd'], 'own', (head) => hasText(head, 0, '.snd')),
  flac: entry(
    'FLAC',
    ['.flac'],
    'library',
    (head) => hasText(head, 0, 'fLaC') || (hasText(head, 0, 'OggS') && hasText(head, 28, '\x7fFLAC')),
  ),
  oga: entry(
    'Ogg Vorbis',
    ['.ogg', '.oga'],
    'library',
    (head) => hasText(head, 0, 'OggS') && hasText(head, 28, '\x01vorbis'),
  ),
  opus: entry('Opus', ['.opus'], 'library', (head) => hasText(head, 0, 'OggS') && hasText(head, 28, 'OpusHead')),
  speex: entry('Speex', ['.spx'], null, (head) => hasText(head, 0, 'OggS') && hasText(head, 28, 'Speex   ')),
  aiff: entry(
    'AIFF',
    ['.aif', '.aiff', '.aifc'],
    'library',
    (head) => hasText(head, 0, 'FORM') && hasText(head, 8, 'AIF'),
  ),
  caf: entry('CAF', ['.caf'], 'library', (head) => hasText(head, 0, 'caff')),
  m4a: entry('M4A/MP4', ['.m4a', '.mp4', '.m4v', '.mov', '.3gp'], 'library', (head) => hasText(head, 4, 'ftyp')),
  webm: entry('WebM/Matroska', ['.webm', '.mkv', '.mka'], 'library', (head) => hasText(head, 0, '\x1aE\xdf\xa3')),
  avi: entry('AVI', ['.avi'], 'library', (head) => hasText(head, 0, 'RIFF') && hasText(head, 8, 'AVI ')),
  amr: entry('AMR', ['.amr', '.awb'], 'library', (head) => hasText(head, 0, '#!AMR')),
  wma: entry('WMA', ['.wma', '.asf'], 'library', (head) => hasText(head, 0, '\x30\x26\xb2\x75\x8e\x66\xcf\x11')),
  wv: entry('WavPack', ['.wv'], 'library', (head) => hasText(head, 0, 'wvpk')),
  tta: entry('TTA', ['.tta'], 'library', (head) => hasText(head, 0, 'TTA1')),
  mpc: entry('Musepack', ['.mpc'], 'library', (head) => hasText(head, 0, 'MPCK') || hasText(head, 0, 'MP+')),
  qoa: entry('QOA', ['.qoa'], 'library', (head) => hasText(head, 0, 'qoaf')),
  dsf: entry('DSF', ['.dsf'], 'library', (head) => hasText(head, 0, 'DSD ')),
  dff: entry('DSDIFF', ['.dff'], 'library', (head) => hasText(head, 0, 'FRM8')),
  eac3: entry('E-AC-3', ['.eac3', '.ec3'], 'library', (head) => isDolby(head, 11, 16)),
  ac3: entry('AC-3', ['.ac3'], 'library', (head) => isDolby(head, 0, 10)),
  dts: entry('DTS', ['.dts'], 'library', (head) => DTS_MARKS.some((mark) => hasText(head, 0, mark))),
  ape: entry("Monkey's Audio", ['.ape'], null, (head) => hasText(head, 0, 'MAC ')),
  sphere: entry('NIST SPHERE', ['.sph'], null, (head) => hasText(head, 0, 'NIST_1A')),
  voc: entry('VOC', ['.voc'], null, (head) => hasText(head, 0, 'Creative Voice File')),
  realMedia: entry(
    'RealAudio',
    ['.ra', '.rm'],
    null,
    (head) => hasText(head, 0, '.RMF') || hasText(head, 0, '.ra\xfd'),
  ),
  flv: entry('FLV', ['.flv'], null, (head) => hasText(head, 0, 'FLV\x01')),
  rifx: entry('RIFX', [], null, (head) => hasText(head, 0, 'RIFX')),
  silk: entry('SILK', ['.slk'], null, (head) => hasText(head, 0, '#!SILK_V3') || hasText(head, 0, '\x02#!SILK_V3')),
  midi: entry('MIDI', ['.mid'], null, (head) => hasText(head, 0, 'MThd')),
  mpegProgram: entry('MPEG program stream', ['.mpg', '.vob'], null, (head) => hasText(head, 0, '\0\0\x01\xba')),
  mpegTransport: entry('MPEG transport stream', ['.ts', '.m2ts'], null, isTransportStream),
  mp3: entry('MP3', ['.mp3'], 'library', (head) => findMp3Frame(head) !== null),
  aac: entry('AAC', ['.aac'], 'library', isAdtsStream),
  mp2: entry('MP2', ['.mp2'], null, (head) => findMpegFrame(head, 2) !== null),
} as const satisfies Record<string, FormatEntry>;

/** Key in `AUDIO_FORMATS`; for formats of the library, the name that `audio-decode` has for it (`oga` is Vorbis in Ogg). */
export type AudioFormat = keyof typeof AUDIO_FORMATS;

const ENTRIES: readonly FormatEntry[] = Object.values(AUDIO_FORMATS);
const READ_ENTRIES = ENTRIES.filter(({ decoder }) => decoder !== null);

/** Extensions by which the audio files of a folder are found. */
export const AUDIO_EXTENSIONS: readonly string[] = READ_ENTRIES.flatMap(({ extensions }) => extensions);

/** All formats that are read, for help texts. */
export const READ_FORMATS_TEXT = READ_ENTRIES.map(({ label }) => label).join(', ');

/** The formats that most files have, for the help of an argument. */
export const COMMON_FORMATS_TEXT = (['wav', 'flac', 'oga', 'opus', 'mp3', 'aac', 'm4a', 'webm', 'wma'] as const)
  .map((format) => AUDIO_FORMATS[format].label)
  .join(', ');

/** @param head see `FormatEntry.recognises` @returns null if the content is of no format in the table */
export function recogniseFormat(head: Uint8Array): AudioFormat | null {
  const formats = Object.keys(AUDIO_FORMATS) as AudioFormat[];
  return formats.find((format) => AUDIO_FORMATS[format].recognises(head)) ?? null;
}

/** Advice for a file that is not read. @param name of the file */
export function conversionAdvice(name: string): string {
  const { base, name: stem } = parse(name);
  const target = `${stem}.wav` === base ? `${stem}-converted.wav` : `${stem}.wav`;
  const quoted = (text: string) => (/^[\w./-]+$/.test(text) ? text : `"${text}"`);
  return `convert it with ffmpeg -i ${quoted(base)} ${quoted(target)}`;
}

const DTS_MARKS = ['\x7f\xfe\x80\x01', '\xfe\x7f\x01\x80', '\x1f\xff\xe8\x00', '\xff\x1f\x00\xe8'];

/** Checks the sync word of AC-3, and its stream version, which separates AC-3 from E-AC-3. */
function isDolby(head: Uint8Array, minimumVersion: number, maximumVersion: number): boolean {
  if (!hasText(head, 0, '\x0b\x77') || head.length < 6) return false;
  const version = head[5]! >> 3;
  return version >= minimumVersion && version <= maximumVersion;
}

/** Packets of 188 bytes each start with the same byte. */
function isTransportStream(head: Uint8Array): boolean {
  return head.length > 3 * 188 && [0, 1, 2, 3].every((packet) => head[packet * 188] === 0x47);
}

/** @param text one character for each byte */
function hasText(head: Uint8Array, offset: number, text: string): boolean {
  if (offset + text.length > head.length) return false;
  for (let n = 0; n < text.length; n++) if (head[offset + n] !== text.charCodeAt(n)) return false;
  return true;
}

function entry(
  label: string,
  extensions: readonly string[],
  decoder: FormatEntry['decoder'],
  recognises: FormatEntry['recognises'],
): FormatEntry {
  return { label, extensions, decoder, recognises };
}
