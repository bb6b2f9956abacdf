import type { VoiceSegment } from './segments.ts';

/** Segments in the format of the NIST evaluations (Rich Transcription Time Marked), which scorers read. @param file its name there */
export function rttmText(segments: readonly VoiceSegment[], names: readonly string[], file: string): string {
  const word = (text: string) => text.replace(/\s+/g, '_');
  return segments
    .map(({ voice, startSeconds, endSeconds }) => {
      const duration = (endSeconds - startSeconds).toFixed(3);
      return `SPEAKER ${word(file)} 1 ${startSeconds.toFixed(3)} ${duration} <NA> <NA> ${word(names[voice]!)} <NA> <NA>\n`;
    })
    .join('');
}

/** Segments as a label track of Audacity, to be imported beside the recording. */
export function audacityLabels(segments: readonly VoiceSegment[], names: readonly string[]): string {
  return segments
    .map(
      ({ voice, startSeconds, endSeconds }) =>
        `${startSeconds.toFixed(3)}\t${endSeconds.toFixed(3)}\t${names[voice]}\n`,
    )
    .join('');
}
