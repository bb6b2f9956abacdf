import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { LiveState } from '../../host/protocol/LiveState.ts';
import { useTheme } from '../base/theme.ts';
import { usePanel } from '../model/PanelContext.ts';
import { useTexts } from '../texts/useTexts.ts';
import { LaneOverlay } from './LaneOverlay.tsx';
import { type SpectrogramLook, SpectrogramPainter, type SpectrogramReading } from './SpectrogramPainter.ts';
import { useTemplateOrders } from './useTemplateOrders.ts';

type SpectrogramViewProps = Pick<
  SpectrogramLook,
  'content' | 'scale' | 'isMaskShown' | 'isRestShown' | 'spanSeconds'
> & {
  readonly state: LiveState;
};

/** Scrolling spectrograms or activations, one lane per signal, with a reading at the cursor. */
export function SpectrogramView({
  state,
  content,
  scale,
  isMaskShown,
  isRestShown,
  spanSeconds,
}: SpectrogramViewProps) {
  const { telemetryHistory, renderLoop } = usePanel();
  const texts = useTexts().visualizer;
  const theme = useTheme();
  const { speakers } = state.settings;
  const colourList = speakers.map(({ colour }) => colour).join();
  const orders = useTemplateOrders(state, content === 'activations');
  const look = useMemo<SpectrogramLook>(() => {
    const colours = colourList === '' ? [] : colourList.split(',');
    return { content, scale, isMaskShown, isRestShown, spanSeconds, theme, colours, orders };
  }, [content, scale, isMaskShown, isRestShown, spanSeconds, theme, colourList, orders]);
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<SpectrogramPainter>(null);
  const [heightPixels, setHeightPixels] = useState(0);
  const [point, setPoint] = useState<{ readonly x: number; readonly y: number } | null>(null);
  const [reading, setReading] = useState<SpectrogramReading | null>(null);

  useEffect(() => {
    const element = canvas.current!;
    const made = new SpectrogramPainter(element, telemetryHistory, look);
    painter.current = made;
    const resize = () => {
      const { clientWidth, clientHeight } = element;
      const ratio = Math.min(2, devicePixelRatio);
      setHeightPixels(clientHeight);
      made.resize(Math.round(clientWidth * ratio), Math.round(clientHeight * ratio));
    };
    resize();
    const sizes = new ResizeObserver(resize);
    sizes.observe(element);
    const remove = renderLoop.add(made.paint);
    return () => {
      remove();
      sizes.disconnect();
    };
  }, [telemetryHistory, renderLoop]);
  useEffect(() => painter.current?.setLook(look), [look]);
  useEffect(() => {
    if (point === null) {
      setReading(null);
      return;
    }
    const read = () => setReading(painter.current?.readingAt(point.x, point.y) ?? null);
    read();
    const timer = setInterval(read, 100);
    return () => clearInterval(timer);
  }, [point]);

  const step = (x: number, y: number) =>
    setPoint((was) => {
      const from = was ?? { x: 0.5, y: 0.5 };
      return { x: Math.min(0.999, Math.max(0, from.x + x)), y: Math.min(0.999, Math.max(0, from.y + y)) };
    });
  const names = speakers.map(({ preset }) => preset);
  const lanes = content === 'activations' ? names : [texts.mixture, ...names, ...(isRestShown ? [texts.rest] : [])];
  const describe = content === 'spectra' ? texts.spectrogramsOf : texts.activationsOf;
  return (
    <div class="lanes">
      <div
        class="lanes-picture"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the cursor
        tabIndex={0}
        aria-label={describe(lanes.join(', '))}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          setPoint({ x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height });
        }}
        onPointerLeave={() => setPoint(null)}
        onBlur={() => setPoint(null)}
        onKeyDown={(event) => {
          const moves: Readonly<Record<string, readonly [number, number]>> = {
            ArrowLeft: [-0.01, 0],
            ArrowRight: [0.01, 0],
            ArrowUp: [0, -0.01],
            ArrowDown: [0, 0.01],
          };
          const move = moves[event.key];
          if (move === undefined) return;
          event.preventDefault();
          step(move[0], move[1]);
        }}
      >
        <canvas ref={canvas} />
        <LaneOverlay
          lanes={lanes}
          colours={content === 'activations' ? look.colours : [null, ...look.colours]}
          content={content}
          scale={scale}
          sampleRateHertz={state.sampleRateHertz ?? 0}
          spanSeconds={spanSeconds}
          laneHeightPixels={heightPixels / Math.max(1, lanes.length)}
          point={point}
          reading={reading}
        />
        {lanes.length === 0 ? <p class="empty">{texts.noActivations}</p> : null}
      </div>
    </div>
  );
}
