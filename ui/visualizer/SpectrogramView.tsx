import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { LiveState } from '../../host/protocol/LiveState.ts';
import { useTheme } from '../base/theme.ts';
import { useRemembered } from '../base/useRemembered.ts';
import { Segmented } from '../controls/Segmented.tsx';
import { Toggle } from '../controls/Toggle.tsx';
import { usePanel } from '../model/PanelContext.ts';
import type { FrequencyScale } from './frequencyScale.ts';
import { LaneOverlay } from './LaneOverlay.tsx';
import { SpectrogramPainter, type StageLook, type StageProbe } from './SpectrogramPainter.ts';
import { TemplateView } from './TemplateView.tsx';
import { useTemplateOrders } from './useTemplateOrders.ts';

type StageView = 'spectra' | 'activations' | 'templates';

const VIEWS = [
  { value: 'spectra', label: 'Spectra', hint: 'What is heard, and whose it is, over time' },
  { value: 'activations', label: 'Activations', hint: 'How loud each template of a speaker is, over time' },
  { value: 'templates', label: 'Templates', hint: "A speaker's spectra, as functions of frequency" },
] as const;
const SPANS = [
  { value: '5', label: '5 s' },
  { value: '10', label: '10 s' },
  { value: '25', label: '25 s' },
] as const;
const SCALES = [
  { value: 'log', label: 'Log' },
  { value: 'linear', label: 'Linear' },
] as const;

/** The pictures of what goes on. */
export function SpectrogramView({ state }: { readonly state: LiveState }) {
  const [view, setView] = useRemembered<StageView>('view', 'spectra', ['spectra', 'activations', 'templates']);
  const [scale, setScale] = useRemembered<FrequencyScale>('scale', 'log', ['log', 'linear']);
  const [span, setSpan] = useRemembered<'5' | '10' | '25'>('span', '10', ['5', '10', '25']);
  const [rest, setRest] = useRemembered<'on' | 'off'>('rest', 'off', ['on', 'off']);
  const [mask, setMask] = useRemembered<'on' | 'off'>('mask', 'off', ['on', 'off']);
  return (
    <section class="stage" aria-label="Pictures">
      <div class="stage-bar">
        <Segmented label="Picture" value={view} choices={VIEWS} onChange={setView} />
        {view === 'spectra' ? (
          <>
            <Segmented label="Frequency axis" value={scale} choices={SCALES} onChange={setScale} />
            <Toggle
              label="Mask overlay"
              title="Speakers' lanes show the mixture, coloured where it is theirs"
              isOn={mask === 'on'}
              onChange={(isOn) => setMask(isOn ? 'on' : 'off')}
            >
              Mask
            </Toggle>
            <Toggle
              label="Lane of the rest"
              title="Also show what belongs to no speaker"
              isOn={rest === 'on'}
              onChange={(isOn) => setRest(isOn ? 'on' : 'off')}
            >
              Rest
            </Toggle>
          </>
        ) : null}
        {view === 'templates' ? null : <Segmented label="Time shown" value={span} choices={SPANS} onChange={setSpan} />}
      </div>
      {view === 'templates' ? (
        <TemplateView state={state} />
      ) : (
        <Lanes
          state={state}
          picture={view}
          scale={scale}
          isMaskShown={mask === 'on'}
          isRestShown={rest === 'on'}
          spanSeconds={Number(span)}
        />
      )}
    </section>
  );
}

type LanesProps = Pick<StageLook, 'picture' | 'scale' | 'isMaskShown' | 'isRestShown' | 'spanSeconds'> & {
  readonly state: LiveState;
};

function Lanes({ state, picture, scale, isMaskShown, isRestShown, spanSeconds }: LanesProps) {
  const { history, pictures } = usePanel();
  const theme = useTheme();
  const { speakers } = state.settings;
  const colourList = speakers.map(({ colour }) => colour).join();
  const orders = useTemplateOrders(state, picture === 'activations');
  const look = useMemo<StageLook>(() => {
    const colours = colourList === '' ? [] : colourList.split(',');
    return { picture, scale, isMaskShown, isRestShown, spanSeconds, theme, colours, orders };
  }, [picture, scale, isMaskShown, isRestShown, spanSeconds, theme, colourList, orders]);
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<SpectrogramPainter>(null);
  const [heightPixels, setHeightPixels] = useState(0);
  const [point, setPoint] = useState<{ readonly x: number; readonly y: number } | null>(null);
  const [probe, setProbe] = useState<StageProbe | null>(null);

  useEffect(() => {
    const element = canvas.current!;
    const made = new SpectrogramPainter(element, history, look);
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
    const remove = pictures.add(made.paint);
    return () => {
      remove();
      sizes.disconnect();
    };
  }, [history, pictures]);
  useEffect(() => painter.current?.setLook(look), [look]);
  useEffect(() => {
    if (point === null) {
      setProbe(null);
      return;
    }
    const read = () => setProbe(painter.current?.probe(point.x, point.y) ?? null);
    read();
    const reading = setInterval(read, 100);
    return () => clearInterval(reading);
  }, [point]);

  const step = (x: number, y: number) =>
    setPoint((was) => {
      const from = was ?? { x: 0.5, y: 0.5 };
      return { x: Math.min(0.999, Math.max(0, from.x + x)), y: Math.min(0.999, Math.max(0, from.y + y)) };
    });
  const names = speakers.map(({ preset }) => preset);
  const lanes = picture === 'activations' ? names : ['Mixture', ...names, ...(isRestShown ? ['Rest'] : [])];
  return (
    <div class="lanes">
      <div
        class="lanes-picture"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the reading
        tabIndex={0}
        aria-label={`${picture === 'spectra' ? 'Spectrograms' : 'Activations'} of ${lanes.join(', ')}. Arrow keys move the reading.`}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          setPoint({ x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height });
        }}
        onPointerLeave={() => setPoint(null)}
        onBlur={() => setPoint(null)}
        onKeyDown={(event) => {
          const moves: Readonly<Record<string, readonly [number, number]>> = {
            ...{ ArrowLeft: [-0.01, 0], ArrowRight: [0.01, 0], ArrowUp: [0, -0.01], ArrowDown: [0, 0.01] },
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
          colours={picture === 'activations' ? look.colours : [null, ...look.colours]}
          picture={picture}
          scale={scale}
          sampleRateHertz={state.sampleRateHertz ?? 0}
          spanSeconds={spanSeconds}
          laneHeightPixels={heightPixels / Math.max(1, lanes.length)}
          point={point}
          probe={probe}
        />
        {lanes.length === 0 ? <p class="empty">Load a speaker to see activations.</p> : null}
      </div>
    </div>
  );
}
