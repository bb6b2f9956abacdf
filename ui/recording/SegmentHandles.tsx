import { useRef } from 'preact/hooks';
import type { Seconds } from '../../engine/core/units.ts';
import type { RecordingSegment, RecordingVoice } from '../../host/protocol/recordingState.ts';
import { useTexts } from '../texts/useTexts.ts';
import { useDesk } from './RecordingDesk.ts';
import { dragRange, partAt, type SegmentPart } from './segmentEdges.ts';
import { LANE_PADDING_PIXELS } from './TimelinePainter.ts';
import { pixelOf, type TimeView } from './TimeView.ts';
import { tenthsText } from './timeText.ts';
import type { SegmentList } from './useSegments.ts';

interface SegmentHandlesProps {
  readonly view: TimeView;
  readonly topPixels: number;
  readonly lanePixels: number;
  readonly voices: readonly RecordingVoice[];
  readonly colours: readonly string[];
  /** Those in view. */
  readonly shown: readonly RecordingSegment[];
  readonly list: SegmentList;
  /** Whether other work on the recording is in progress: segments can be looked at only. */
  readonly isLocked: boolean;
  /** Called for a click, with the time at the pointer. */
  readonly onSeek: (seconds: Seconds) => void;
  /** Called when the segment that has the focus is removed. */
  readonly onRemoved: () => void;
}

interface Drag {
  readonly segment: RecordingSegment;
  readonly part: SegmentPart;
  readonly x: number;
  readonly y: number;
  /** `time`: along the lane; `lane`: to another voice; null: not decided yet */
  direction: 'time' | 'lane' | null;
}

const DRAG_PIXELS = 3;
const NUDGE_SECONDS: Seconds = 0.1;
const NARROWEST_PIXELS = 4;

/** An element for each segment in view: to focus, drag and change it by keys. The canvas below draws them. */
export function SegmentHandles(props: SegmentHandlesProps) {
  const { view, topPixels, lanePixels, voices, colours, shown, list, isLocked, onSeek, onRemoved } = props;
  const { send } = useDesk();
  const texts = useTexts().recording;
  const drag = useRef<Drag | null>(null);
  const layer = useRef<HTMLDivElement>(null);
  const pixelIn = (event: PointerEvent) => event.clientX - layer.current!.getBoundingClientRect().left;

  const assign = (segment: RecordingSegment, voice: number) => {
    if (voice !== segment.voice && voice >= 0 && voice < voices.length) {
      send({ type: 'editRecording', edit: { type: 'assign', segment: segment.id, voice } });
    }
  };
  const grab = (event: PointerEvent, segment: RecordingSegment) => {
    if (event.button !== 0) return;
    const element = event.currentTarget as HTMLElement;
    element.setPointerCapture(event.pointerId);
    element.focus();
    const part = partAt(view, segment, pixelIn(event)) ?? 'body';
    drag.current = { segment, part, x: event.clientX, y: event.clientY, direction: null };
  };
  const move = (event: PointerEvent, segment: RecordingSegment) => {
    const { current } = drag;
    const element = event.currentTarget as HTMLElement;
    if (current === null) {
      element.dataset.part = partAt(view, segment, pixelIn(event)) ?? 'body';
      return;
    }
    const [right, down] = [event.clientX - current.x, event.clientY - current.y];
    if (current.direction === null) {
      if (isLocked) return;
      if (Math.max(Math.abs(right), Math.abs(down)) < DRAG_PIXELS) return;
      current.direction = current.part === 'body' && Math.abs(down) > Math.abs(right) ? 'lane' : 'time';
    }
    if (current.direction === 'lane') {
      element.style.translate = `0 ${down}px`;
      return;
    }
    const by = right * view.secondsPerPixel;
    list.draft(current.segment.id, dragRange(current.segment, current.part, by, view.durationSeconds));
  };
  const release = (event: PointerEvent) => {
    const { current } = drag;
    drag.current = null;
    if (current === null) return;
    (event.currentTarget as HTMLElement).style.translate = '';
    if (event.type === 'pointercancel') list.discard();
    else if (current.direction === 'time') list.commit();
    else if (current.direction === 'lane') {
      const y = event.clientY - layer.current!.getBoundingClientRect().top;
      assign(current.segment, Math.floor(y / lanePixels));
    } else onSeek(view.startSeconds + pixelIn(event) * view.secondsPerPixel);
  };
  const press = (event: KeyboardEvent, segment: RecordingSegment) => {
    const { key } = event;
    if (isLocked || event.metaKey || event.altKey) return;
    if (key === 'ArrowLeft' || key === 'ArrowRight') {
      const part = event.shiftKey ? 'end' : event.ctrlKey ? 'start' : 'body';
      const by = key === 'ArrowLeft' ? -NUDGE_SECONDS : NUDGE_SECONDS;
      list.nudge(segment.id, dragRange(segment, part, by, view.durationSeconds));
    } else if (event.ctrlKey) return;
    else if (/^[1-9]$/.test(key)) assign(segment, Number(key) - 1);
    else if (key === 'Delete' || key === 'Backspace') {
      list.discard();
      send({ type: 'editRecording', edit: { type: 'remove', segment: segment.id } });
      onRemoved();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div ref={layer} class="segments" style={{ top: `${topPixels}px` }}>
      {shown.map((segment) => {
        const { id, voice, startSeconds, endSeconds } = segment;
        const left = pixelOf(view, startSeconds);
        const width = Math.max(NARROWEST_PIXELS, pixelOf(view, endSeconds) - left);
        const name = voices[voice]?.name ?? texts.unknownVoice;
        return (
          <button
            key={id}
            type="button"
            class="segment"
            aria-label={texts.segment(name, tenthsText(startSeconds), tenthsText(endSeconds))}
            aria-keyshortcuts="ArrowLeft ArrowRight Shift+ArrowRight Control+ArrowRight Delete"
            style={{
              '--speaker': colours[voice] ?? 'var(--text-dim)',
              left: `${left}px`,
              width: `${width}px`,
              top: `${voice * lanePixels + LANE_PADDING_PIXELS}px`,
              height: `${lanePixels - 2 * LANE_PADDING_PIXELS}px`,
            }}
            onPointerDown={(event) => grab(event, segment)}
            onPointerMove={(event) => move(event, segment)}
            onPointerUp={release}
            onPointerCancel={release}
            onKeyDown={(event) => press(event, segment)}
            onBlur={list.commit}
          />
        );
      })}
    </div>
  );
}
