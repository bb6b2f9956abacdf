import { useEffect, useRef } from 'preact/hooks';
import type { CircularBuffer } from '../../engine/core/CircularBuffer.ts';
import { STATUS_POINTS, type StatusHistory } from '../../host/protocol/StatusHistory.ts';
import { useTheme } from '../base/theme.ts';
import { usePanel } from '../model/PanelContext.ts';
import { useTexts } from '../texts/useTexts.ts';

/** Chart of the last five minutes: load (area: median, line: 99th percentile), latency (dashed), dropouts and overloads (red, on top). */
export function HistoryChart({ statusHistory }: { readonly statusHistory: StatusHistory }) {
  const { link } = usePanel();
  const texts = useTexts().health.chart;
  const theme = useTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current!;
    const draw = () => drawHistory(element, statusHistory);
    draw();
    const subscription = link.status$.subscribe(draw);
    const sizes = new ResizeObserver(draw);
    sizes.observe(element);
    return () => {
      subscription.unsubscribe();
      sizes.disconnect();
    };
  }, [link, statusHistory, theme]);
  return (
    <figure class="history-chart">
      <canvas ref={canvas} role="img" aria-label={texts.name} />
      <figcaption>
        <span class="key median" title={texts.loadHint}>
          {texts.load}
        </span>
        <span class="key p99">{texts.percentile}</span>
        <span class="key latency" title={texts.latencyHint}>
          {texts.latency}
        </span>
        <span class="key problem" title={texts.problemHint}>
          {texts.problem}
        </span>
      </figcaption>
    </figure>
  );
}

/** Height of the row of problem marks above the curves. */
const PROBLEM_PIXELS = 6;

function drawHistory(canvas: HTMLCanvasElement, statusHistory: StatusHistory): void {
  const ratio = devicePixelRatio;
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d')!;
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const points = statusHistory.length;
  const x = (ago: number) => width * (1 - ago / STATUS_POINTS);
  const at = (values: CircularBuffer, ago: number) => values.at(STATUS_POINTS - 1 - ago);
  const y = (share: number) => height - Math.min(1, share) * (height - PROBLEM_PIXELS - 1);
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
  const trace = (values: CircularBuffer, scale: number) => {
    context.beginPath();
    for (let ago = 0; ago < points; ago++) context.lineTo(x(ago), y(at(values, ago) * scale));
  };
  trace(statusHistory.median, 1);
  context.lineTo(x(points - 1), height);
  context.lineTo(width, height);
  context.fillStyle = colour('--accent-soft');
  context.fill();
  trace(statusHistory.p99, 1);
  context.strokeStyle = colour('--accent');
  context.lineWidth = 1.5;
  context.stroke();
  // Full scale is 100 ms.
  trace(statusHistory.latencySeconds, 10);
  context.setLineDash([4, 3]);
  context.strokeStyle = colour('--text-dim');
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = colour('--clip');
  for (let ago = 0; ago < points; ago++)
    if (at(statusHistory.hasProblem, ago) === 1) context.fillRect(x(ago) - 1, 0, 2, PROBLEM_PIXELS);
}
