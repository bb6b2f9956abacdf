import { useEffect, useRef } from 'preact/hooks';
import { useTheme } from '../base/theme.ts';
import { usePanel } from '../model/PanelContext.ts';
import { STATUS_POINTS, type StatusHistory } from '../model/StatusHistory.ts';

/** Load (area: median, line: 99th percentile) and latency (dashed) over five minutes; red along the top: sound missing, or overload. */
export function HistoryChart({ past }: { readonly past: StatusHistory }) {
  const { link } = usePanel();
  const theme = useTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current!;
    const draw = () => drawHistory(element, past);
    draw();
    const subscription = link.status$.subscribe(draw);
    const sizes = new ResizeObserver(draw);
    sizes.observe(element);
    return () => {
      subscription.unsubscribe();
      sizes.disconnect();
    };
  }, [link, past, theme]);
  return (
    <figure class="history">
      <canvas ref={canvas} role="img" aria-label="Load and latency over the last five minutes" />
      <figcaption>
        <span class="key median" title="Time for a block, median, as a share of its duration">
          load
        </span>
        <span class="key p99">99th percentile</span>
        <span class="key delay" title="The top is 100 ms">
          latency
        </span>
        <span class="key trouble" title="Sound was missing, or load led to less work">
          trouble
        </span>
      </figcaption>
    </figure>
  );
}

/** A strip of its own: what it marks stays in sight. */
const TROUBLE_PIXELS = 6;

function drawHistory(canvas: HTMLCanvasElement, past: StatusHistory): void {
  const ratio = devicePixelRatio;
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d')!;
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const points = Math.min(past.count, STATUS_POINTS);
  const x = (ago: number) => width * (1 - ago / STATUS_POINTS);
  const at = (values: ArrayLike<number>, ago: number) => values[(past.count - 1 - ago) % STATUS_POINTS]!;
  const y = (share: number) => height - Math.min(1, share) * (height - TROUBLE_PIXELS - 1);
  context.strokeStyle = colour('--line');
  context.beginPath();
  for (const share of [0.5, 1]) {
    context.moveTo(0, y(share));
    context.lineTo(width, y(share));
  }
  for (let minute = 1; minute < 5; minute++) {
    context.moveTo(x(minute * 120), 0);
    context.lineTo(x(minute * 120), height);
  }
  context.stroke();
  context.fillStyle = colour('--text-dim');
  context.font = '10px system-ui, sans-serif';
  context.fillText('100 %', 4, y(1) + 11);
  context.fillText('−4 min', x(480) + 4, height - 4);
  context.fillText('−1 min', x(120) + 4, height - 4);
  if (points < 2) return;
  const trace = (values: ArrayLike<number>, scale: number) => {
    context.beginPath();
    for (let ago = 0; ago < points; ago++) context.lineTo(x(ago), y(at(values, ago) * scale));
  };
  trace(past.median, 1);
  context.lineTo(x(points - 1), height);
  context.lineTo(width, height);
  context.fillStyle = colour('--accent-soft');
  context.fill();
  trace(past.p99, 1);
  context.strokeStyle = colour('--accent');
  context.lineWidth = 1.5;
  context.stroke();
  // 100 ms at the top: beyond, nobody plays along anyway.
  trace(past.latencySeconds, 10);
  context.setLineDash([4, 3]);
  context.strokeStyle = colour('--text-dim');
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = colour('--clip');
  for (let ago = 0; ago < points; ago++)
    if (at(past.trouble, ago) === 1) context.fillRect(x(ago) - 1, 0, 2, TROUBLE_PIXELS);
}
