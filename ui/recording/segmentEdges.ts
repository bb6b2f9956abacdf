import type { Seconds } from '../../engine/core/units.ts';
import type { RecordingSegment } from '../../host/protocol/recordingState.ts';
import { pixelOf, type TimeView } from './TimeView.ts';

/** Part of a segment that the pointer or a key moves. */
export type SegmentPart = 'start' | 'end' | 'body';

export interface TimeRange {
  readonly startSeconds: Seconds;
  readonly endSeconds: Seconds;
}

/** Shortest segment that dragging and keys make. */
export const SHORTEST_SEGMENT_SECONDS: Seconds = 0.1;
/** Reach of an edge into its segment; at most a third of the segment, so that the body can always be held. */
const EDGE_PIXELS = 7;

/**
 * Moves an edge or the whole of a segment.
 * @param bySeconds positive: later
 * @returns the range, inside the recording, at least as long as the shortest segment; a moved body keeps its length
 */
export function dragRange(
  range: TimeRange,
  part: SegmentPart,
  bySeconds: Seconds,
  durationSeconds: Seconds,
): TimeRange {
  const { startSeconds, endSeconds } = range;
  if (part === 'body') {
    const by = Math.min(durationSeconds - endSeconds, Math.max(-startSeconds, bySeconds));
    return { startSeconds: startSeconds + by, endSeconds: endSeconds + by };
  }
  if (part === 'start') {
    const latest = Math.max(0, endSeconds - SHORTEST_SEGMENT_SECONDS);
    return { startSeconds: Math.min(latest, Math.max(0, startSeconds + bySeconds)), endSeconds };
  }
  const earliest = Math.min(durationSeconds, startSeconds + SHORTEST_SEGMENT_SECONDS);
  return { startSeconds, endSeconds: Math.max(earliest, Math.min(durationSeconds, endSeconds + bySeconds)) };
}

/** @param pixel from the left edge of the timeline @returns null outside the segment */
export function partAt(view: TimeView, { startSeconds, endSeconds }: TimeRange, pixel: number): SegmentPart | null {
  const [left, right] = [pixelOf(view, startSeconds), pixelOf(view, endSeconds)];
  if (pixel < left || pixel > right) return null;
  const reach = Math.min(EDGE_PIXELS, (right - left) / 3);
  if (pixel <= left + reach) return 'start';
  return pixel >= right - reach ? 'end' : 'body';
}

/** The segments that overlap a stretch of time. @param segments by start time @param longestSeconds of all segments */
export function segmentsWithin(
  segments: readonly RecordingSegment[],
  { startSeconds, endSeconds }: TimeRange,
  longestSeconds: Seconds,
): readonly RecordingSegment[] {
  const from = firstFrom(segments, startSeconds - longestSeconds);
  const to = firstFrom(segments, endSeconds);
  return segments.slice(from, to).filter((segment) => segment.endSeconds > startSeconds);
}

export function longestSeconds(segments: readonly TimeRange[]): Seconds {
  return segments.reduce((longest, each) => Math.max(longest, each.endSeconds - each.startSeconds), 0);
}

/** Index of the first segment that starts at or after a time. */
function firstFrom(segments: readonly RecordingSegment[], seconds: Seconds): number {
  let [low, high] = [0, segments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (segments[middle]!.startSeconds < seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}
