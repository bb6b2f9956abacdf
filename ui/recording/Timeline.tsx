import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Seconds } from '../../engine/core/units.ts';
import type { RecordingVoice } from '../../host/protocol/recordingState.ts';
import { useTheme } from '../base/theme.ts';
import { useTexts } from '../texts/useTexts.ts';
import { useDesk } from './RecordingDesk.ts';
import { SegmentHandles } from './SegmentHandles.tsx';
import { segmentsWithin } from './segmentEdges.ts';
import { TimelineGesture } from './TimelineGesture.ts';
import { lanesTop, type Overview, type TimelineLayout, TimelinePainter } from './TimelinePainter.ts';
import { panTo, pixelOf, reveal, secondsAt, spanSeconds, type TimeView, zoomAbout } from './TimeView.ts';
import type { TrackPlayer } from './TrackPlayer.ts';
import type { SegmentList } from './useSegments.ts';

interface TimelineProps {
  readonly view: TimeView;
  readonly onView: (view: TimeView) => void;
  readonly onWidth: (pixels: number) => void;
  readonly player: TrackPlayer;
  readonly overview: Overview | null;
  readonly voices: readonly RecordingVoice[];
  /** Colour of each lane, as #rrggbb: those of the voices, then that of the rest if its lane is shown. */
  readonly colours: readonly string[];
  readonly lanePixels: number;
  /** Whether names are written into the lanes, because no rows stand beside them. */
  readonly isNamed: boolean;
  readonly list: SegmentList;
  /** Whether segments cannot be changed now. */
  readonly isLocked: boolean;
}

const RULER_PIXELS = 20;
/** Share of the height above the lanes. */
const WAVEFORM_SHARE = 0.42;
/** Zoom of one step of a mouse wheel, which is 100 pixels. */
const WHEEL_ZOOM = 1.25;
/** Wheel movement of one line, in browsers that report lines. */
const LINE_PIXELS = 33;
/** With more segments in view, none can be focused or dragged: they are narrower than a pointer. */
const MOST_HANDLES = 160;
/** Length of a segment that a double click adds. */
const ADDED_SECONDS: Seconds = 1;

/** Waveform, spectrogram and a lane for each voice: zoomed by the wheel or two fingers, panned by dragging, and a click moves the playhead. */
export function Timeline(props: TimelineProps) {
  const { view, onView, onWidth, player, overview, voices, colours, lanePixels, isNamed, list, isLocked } = props;
  const { renderLoop, send } = useDesk();
  const theme = useTheme();
  const texts = useTexts().recording;
  const root = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<TimelinePainter>(null);
  const playhead = useRef<HTMLDivElement>(null);
  const gesture = useRef<TimelineGesture>(null);
  /** The latest view, also between two renders: several events may arrive before the next. */
  const latest = useRef(view);
  latest.current = view;
  const show = useCallback(
    (next: TimeView) => {
      latest.current = next;
      onView(next);
    },
    [onView],
  );
  const [heightPixels, setHeightPixels] = useState(0);

  const above = Math.max(0, heightPixels - RULER_PIXELS - colours.length * lanePixels);
  const waveformPixels = Math.round(above * WAVEFORM_SHARE);
  const layout: TimelineLayout = {
    rulerPixels: RULER_PIXELS,
    waveformPixels,
    spectrogramPixels: above - waveformPixels,
    lanePixels,
  };
  const shownRange = { startSeconds: view.startSeconds, endSeconds: view.startSeconds + spanSeconds(view) };
  const shown = segmentsWithin(list.segments, shownRange, list.longestSeconds);

  useEffect(() => {
    const element = root.current!;
    const sizes = new ResizeObserver(() => {
      setHeightPixels(element.clientHeight);
      onWidth(element.clientWidth);
    });
    sizes.observe(element);
    return () => sizes.disconnect();
  }, [onWidth]);
  useEffect(() => {
    const element = root.current!;
    const turn = (event: WheelEvent) => {
      event.preventDefault();
      const now = latest.current;
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PIXELS : 1;
      const [right, down] = [event.deltaX * unit, event.deltaY * unit];
      const sideways = event.shiftKey ? right + down : right;
      if (Math.abs(sideways) > (event.shiftKey ? 0 : Math.abs(down))) {
        show(panTo(now, now.startSeconds + sideways * now.secondsPerPixel));
        return;
      }
      const pixel = event.clientX - element.getBoundingClientRect().left;
      show(zoomAbout(now, WHEEL_ZOOM ** (-down / 100), pixel));
    };
    // Preact registers passive listeners on some elements; this one must prevent scrolling.
    element.addEventListener('wheel', turn, { passive: false });
    return () => element.removeEventListener('wheel', turn);
  }, [show]);
  useLayoutEffect(() => {
    if (heightPixels === 0) return;
    painter.current ??= new TimelinePainter(canvas.current!);
    const lanes = colours.map((colour, lane) => ({
      colour,
      name: isNamed ? (voices[lane]?.name ?? texts.rest) : null,
      segments: shown.filter(({ voice }) => voice === lane),
    }));
    painter.current.paint({ view, layout, theme, lanes, overview }, heightPixels, Math.min(2, devicePixelRatio));
  });
  useEffect(() => {
    const { style } = playhead.current!;
    let lastSeconds = -1;
    const movePlayhead = () => {
      const now = latest.current;
      const seconds = player.positionSeconds;
      const pixel = pixelOf(now, seconds);
      const isVisible = pixel >= 0 && pixel <= now.widthPixels;
      // Follows the playhead while it plays or jumps; not if the user has panned away from it.
      if (!isVisible && lastSeconds >= 0 && seconds !== lastSeconds && wasVisible(now, lastSeconds)) {
        show(reveal(now, seconds));
      }
      lastSeconds = seconds;
      style.transform = `translateX(${pixel.toFixed(1)}px)`;
      style.visibility = isVisible ? 'visible' : 'hidden';
    };
    return renderLoop.add(movePlayhead);
  }, [renderLoop, player, show]);

  const pixelIn = (event: MouseEvent) => event.clientX - root.current!.getBoundingClientRect().left;
  const isSegment = ({ target }: Event) => target instanceof HTMLElement && target.closest('.segment') !== null;
  const grab = (event: PointerEvent) => {
    if (event.button !== 0 || isSegment(event)) return;
    root.current!.setPointerCapture(event.pointerId);
    if (gesture.current === null) gesture.current = new TimelineGesture(view, event.pointerId, pixelIn(event));
    else gesture.current.add(event.pointerId, pixelIn(event));
  };
  const move = (event: PointerEvent) => {
    const moved = gesture.current?.move(event.pointerId, pixelIn(event));
    if (moved) show(moved);
  };
  const release = (event: PointerEvent) => {
    const { current } = gesture;
    if (current === null || !current.release(event.pointerId)) return;
    gesture.current = null;
    if (event.type === 'pointerup' && !current.hasMoved) player.seek(secondsAt(view, pixelIn(event)));
  };
  const addSegment = (event: MouseEvent) => {
    const lane = Math.floor(
      (event.clientY - root.current!.getBoundingClientRect().top - lanesTop(layout)) / lanePixels,
    );
    if (isLocked || isSegment(event) || lane < 0 || lane >= voices.length) return;
    const startSeconds = Math.min(secondsAt(view, pixelIn(event)), Math.max(0, view.durationSeconds - ADDED_SECONDS));
    const endSeconds = Math.min(view.durationSeconds, startSeconds + ADDED_SECONDS);
    send({ type: 'editRecording', edit: { type: 'add', voice: lane, startSeconds, endSeconds } });
  };

  return (
    <div
      ref={root}
      id="timeline"
      class="timeline"
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys move the playhead and zoom
      tabIndex={0}
      aria-label={texts.timeline}
      onPointerDown={grab}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={release}
      onDblClick={addSegment}
    >
      <canvas ref={canvas} />
      <SegmentHandles
        view={view}
        topPixels={lanesTop(layout)}
        lanePixels={lanePixels}
        voices={voices}
        colours={colours}
        shown={shown.length > MOST_HANDLES ? [] : shown}
        list={list}
        isLocked={isLocked}
        onSeek={(seconds) => player.seek(seconds)}
        onRemoved={() => root.current!.focus()}
      />
      {shown.length > MOST_HANDLES ? <span class="timeline-hint">{texts.zoomToEdit}</span> : null}
      <div ref={playhead} class="playhead" aria-hidden="true" />
    </div>
  );
}

function wasVisible(view: TimeView, seconds: Seconds): boolean {
  const pixel = pixelOf(view, seconds);
  return pixel >= 0 && pixel <= view.widthPixels;
}
