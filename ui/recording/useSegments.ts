import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Seconds } from '../../engine/core/units.ts';
import type { OpenRecording, RecordingSegment } from '../../host/protocol/recordingState.ts';
import { useDesk } from './RecordingDesk.ts';
import { longestSeconds, type TimeRange } from './segmentEdges.ts';

/** Time after the last key until a moved segment is sent: one change, and one step of undo, for a held key. */
const NUDGE_MILLISECONDS = 350;

/** A segment that the user moves; shown instead of the host's until the host has answered. */
interface Draft {
  readonly segment: number;
  readonly range: TimeRange;
  readonly isSent: boolean;
}

export interface SegmentList {
  /** By start time. */
  readonly segments: readonly RecordingSegment[];
  readonly longestSeconds: Seconds;
  /** Shows a segment elsewhere, without sending it. */
  readonly draft: (segment: number, range: TimeRange) => void;
  /** Sends the segment that was moved last. */
  readonly commit: () => void;
  /** Moves a segment, and sends it when the keys have been at rest for a moment. */
  readonly nudge: (segment: number, range: TimeRange) => void;
  /** Shows the host's segments again. */
  readonly discard: () => void;
}

/** Segments of the open recording, requested again whenever they have changed. */
export function useSegments({ id, phase, segmentsRevision }: OpenRecording): SegmentList {
  const { recordings, send, refusals$, notices } = useDesk();
  const [received, setReceived] = useState<readonly RecordingSegment[]>([]);
  const [draft, setDraft] = useState<Draft | null>(null);
  const latest = useRef<Draft | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const isImporting = phase === 'importing';

  const change = useCallback((next: Draft | null) => {
    latest.current = next;
    setDraft(next);
  }, []);
  const commit = useCallback(() => {
    clearTimeout(timer.current);
    const { current } = latest;
    if (current === null || current.isSent) return;
    change({ ...current, isSent: true });
    send({ type: 'editRecording', edit: { type: 'move', segment: current.segment, ...current.range } });
  }, [send, change]);

  useEffect(() => {
    if (isImporting) return setReceived([]);
    let isCurrent = true;
    recordings.segments().then(
      ({ segments }) => {
        if (!isCurrent) return;
        setReceived(segments);
        if (latest.current?.isSent === true) change(null);
      },
      (error) => isCurrent && notices.problem(error),
    );
    return () => {
      isCurrent = false;
    };
  }, [recordings, notices, change, id, segmentsRevision, isImporting]);
  useEffect(() => {
    const refusals = refusals$.subscribe(() => latest.current?.isSent === true && change(null));
    return () => {
      refusals.unsubscribe();
      clearTimeout(timer.current);
    };
  }, [refusals$, change]);

  return useMemo(
    () => ({
      segments: draft === null ? received : withDraft(received, draft),
      longestSeconds: Math.max(longestSeconds(received), draft === null ? 0 : longestSeconds([draft.range])),
      draft: (segment, range) => change({ segment, range, isSent: false }),
      commit,
      nudge: (segment, range) => {
        if (latest.current?.segment !== segment) commit();
        change({ segment, range, isSent: false });
        clearTimeout(timer.current);
        timer.current = setTimeout(commit, NUDGE_MILLISECONDS);
      },
      discard: () => {
        clearTimeout(timer.current);
        change(null);
      },
    }),
    [received, draft, commit, change],
  );
}

function withDraft(segments: readonly RecordingSegment[], { segment, range }: Draft): readonly RecordingSegment[] {
  return segments
    .map((each) => (each.id === segment ? { ...each, ...range } : each))
    .sort((one, other) => one.startSeconds - other.startSeconds);
}
