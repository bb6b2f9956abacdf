import { useRef } from 'preact/hooks';
import { useTexts } from '../texts/useTexts.ts';
import { panTo, spanSeconds, type TimeView } from './TimeView.ts';
import { tenthsText } from './timeText.ts';

/** Share of the shown part that an arrow key pans. */
const KEY_SHARE = 0.2;

/** Scroll bar of a timeline: which part of the recording is shown. */
export function PanBar({ view, onView }: { readonly view: TimeView; readonly onView: (view: TimeView) => void }) {
  const texts = useTexts().recording;
  const bar = useRef<HTMLDivElement>(null);
  const drag = useRef<{ readonly x: number; readonly startSeconds: number } | null>(null);
  const { durationSeconds, startSeconds } = view;
  const span = Math.min(durationSeconds, spanSeconds(view));
  const secondsPerBarPixel = () => durationSeconds / Math.max(1, bar.current!.clientWidth);
  const grab = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const element = bar.current!;
    element.setPointerCapture(event.pointerId);
    const at = (event.clientX - element.getBoundingClientRect().left) * secondsPerBarPixel();
    const isOnThumb = at >= startSeconds && at <= startSeconds + span;
    const from = isOnThumb ? startSeconds : panTo(view, at - span / 2).startSeconds;
    if (!isOnThumb) onView(panTo(view, from));
    drag.current = { x: event.clientX, startSeconds: from };
  };
  const release = () => {
    drag.current = null;
  };
  const press = (event: KeyboardEvent) => {
    const starts: Readonly<Record<string, number>> = {
      ArrowLeft: startSeconds - KEY_SHARE * span,
      ArrowRight: startSeconds + KEY_SHARE * span,
      PageUp: startSeconds - span,
      PageDown: startSeconds + span,
      Home: 0,
      End: durationSeconds,
    };
    const start = starts[event.key];
    if (start === undefined) return;
    event.preventDefault();
    onView(panTo(view, start));
  };
  return (
    <div
      ref={bar}
      class="pan-bar"
      role="scrollbar"
      tabIndex={0}
      aria-label={texts.part}
      aria-controls="timeline"
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, Math.round(durationSeconds - span))}
      aria-valuenow={Math.round(startSeconds)}
      aria-valuetext={texts.partRange(tenthsText(startSeconds), tenthsText(startSeconds + span))}
      style={{ '--start': startSeconds / durationSeconds, '--share': span / durationSeconds }}
      onPointerDown={grab}
      onPointerMove={({ clientX }) => {
        const { current } = drag;
        if (current !== null) onView(panTo(view, current.startSeconds + (clientX - current.x) * secondsPerBarPixel()));
      }}
      onPointerUp={release}
      onPointerCancel={release}
      onKeyDown={press}
    >
      <div class="pan-thumb" />
    </div>
  );
}
