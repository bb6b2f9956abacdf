import { useEffect, useRef } from 'preact/hooks';
import { useStream } from '../base/useStream.ts';
import { Icon } from '../controls/Icon.tsx';
import { Segmented } from '../controls/Segmented.tsx';
import { useTexts } from '../texts/useTexts.ts';
import { useDesk } from './RecordingDesk.ts';
import { isWhole, type TimeView, wholeView } from './TimeView.ts';
import type { TrackPlayer } from './TrackPlayer.ts';
import { tenthsText } from './timeText.ts';
import type { Listening } from './trackGains.ts';

interface TransportBarProps {
  readonly player: TrackPlayer;
  readonly view: TimeView;
  readonly onView: (view: TimeView) => void;
  readonly onZoom: (factor: number) => void;
  readonly listening: Listening;
  /** null: there are no tracks to listen to */
  readonly onListening: ((listening: Listening) => void) | null;
}

/** Zoom of one press of a button or key. */
export const ZOOM_STEP = 1.6;

const LISTENINGS: readonly Listening[] = ['mixture', 'tracks'];

/** Play and pause, time, what is played, and zoom. */
export function TransportBar({ player, view, onView, onZoom, listening, onListening }: TransportBarProps) {
  const { renderLoop } = useDesk();
  const texts = useTexts().recording;
  const phase = useStream(player.phase$) ?? 'paused';
  const clock = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const element = clock.current!;
    let shown = '';
    return renderLoop.add(() => {
      const text = tenthsText(player.positionSeconds);
      if (text !== shown) element.textContent = text;
      shown = text;
    });
  }, [renderLoop, player]);
  const isPlaying = phase !== 'paused';
  return (
    <div class="transport">
      <button
        type="button"
        class="button primary play"
        aria-label={isPlaying ? texts.pause : texts.play}
        title={isPlaying ? texts.pauseHint : texts.playHint}
        onClick={() => player.toggle()}
      >
        <Icon name={isPlaying ? 'pause' : 'play'} />
      </button>
      <span class="clock" role="timer" aria-label={texts.playhead}>
        <span ref={clock} class="clock-now" />
        <span class="dim"> / {tenthsText(view.durationSeconds)}</span>
      </span>
      {phase === 'loading' ? <span class="spinner" role="status" aria-label={texts.loadingSound} /> : null}
      {onListening === null ? null : (
        <Segmented
          label={texts.listenTo}
          value={listening}
          choices={LISTENINGS.map((value) => ({ value, ...texts.listenings[value] }))}
          onChange={onListening}
        />
      )}
      <span class="zoom">
        <button
          type="button"
          class="tool"
          aria-label={texts.zoomOut}
          title={texts.zoomOutHint}
          disabled={isWhole(view)}
          onClick={() => onZoom(1 / ZOOM_STEP)}
        >
          <Icon name="minus" />
        </button>
        <button
          type="button"
          class="button"
          title={texts.wholeHint}
          disabled={isWhole(view)}
          onClick={() => onView(wholeView(view.durationSeconds, view.widthPixels))}
        >
          {texts.whole}
        </button>
        <button
          type="button"
          class="tool"
          aria-label={texts.zoomIn}
          title={texts.zoomInHint}
          onClick={() => onZoom(ZOOM_STEP)}
        >
          <Icon name="plus" />
        </button>
      </span>
    </div>
  );
}
