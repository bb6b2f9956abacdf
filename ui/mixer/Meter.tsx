import { useEffect, useRef } from 'preact/hooks';
import type { Decibels, Seconds } from '../../engine/core/units.ts';
import { usePanel } from '../model/PanelContext.ts';
import { useTexts } from '../texts/useTexts.ts';

const RANGE = { minimum: -60, maximum: 6 } as const;
/** As in a peak programme meter: immediate attack, fall slow enough to read. */
const FALL_DECIBELS_PER_SECOND = 24;
const HOLD_SECONDS: Seconds = 1.2;
const CLIP_SECONDS: Seconds = 3;
const CLIP_DECIBELS: Decibels = -0.1;
const LOUD_DECIBELS: Decibels = -9;
/** Interval between updates for screen readers. */
const READ_OUT_SECONDS: Seconds = 1;

interface MeterProps {
  readonly label: string;
  /** Index in the telemetry history, see SIGNAL. */
  readonly signal: number;
}

/** Level meter of one signal: solid bar RMS, pale bar peak, line peak hold, red at the top after clipping (click to reset). */
export function Meter({ label, signal }: MeterProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<MeterPainter>(null);
  const { telemetryHistory, renderLoop } = usePanel();
  const texts = useTexts().mixer;
  useEffect(() => {
    const made = new MeterPainter(canvas.current!);
    painter.current = made;
    const sizes = new ResizeObserver(() => made.resize());
    sizes.observe(canvas.current!);
    const remove = renderLoop.add((now) =>
      made.paint(now, telemetryHistory.peakAt(signal, now), telemetryHistory.rmsAt(signal, now)),
    );
    return () => {
      remove();
      sizes.disconnect();
    };
  }, [telemetryHistory, renderLoop, signal]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a meter element has one bar, no peak, no hold and no clip lamp
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: the click is optional; the clip indicator resets by itself
    <canvas
      ref={canvas}
      class="meter"
      role="meter"
      aria-label={label}
      aria-valuemin={RANGE.minimum}
      aria-valuemax={RANGE.maximum}
      aria-valuenow={RANGE.minimum}
      title={texts.resetClip}
      onClick={() => painter.current?.resetClip()}
    />
  );
}

class MeterPainter {
  private readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D;
  private colours = { ground: '', quiet: '', loud: '', clip: '', line: '' };
  private peak: Decibels = RANGE.minimum;
  private rms: Decibels = RANGE.minimum;
  private hold: Decibels = RANGE.minimum;
  private holdUntil: Seconds = 0;
  private clipUntil: Seconds = 0;
  private lastSeconds: Seconds = 0;
  private readOutAt: Seconds = 0;
  private shown = -1;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d')!;
    this.resize();
  }

  resize(): void {
    const { clientWidth, clientHeight } = this.canvas;
    this.canvas.width = Math.round(clientWidth * devicePixelRatio);
    this.canvas.height = Math.round(clientHeight * devicePixelRatio);
    this.shown = -1;
    this.readColours();
  }

  resetClip(): void {
    this.clipUntil = 0;
  }

  paint(nowMilliseconds: number, peak: Decibels, rms: Decibels): void {
    const now = nowMilliseconds / 1000;
    const fall = FALL_DECIBELS_PER_SECOND * Math.min(0.1, now - this.lastSeconds);
    this.lastSeconds = now;
    this.peak = Math.max(peak, this.peak - fall, RANGE.minimum);
    this.rms = Math.max(rms, this.rms - fall, RANGE.minimum);
    if (peak >= this.hold || now > this.holdUntil) {
      this.hold = Math.max(peak, this.peak);
      this.holdUntil = now + HOLD_SECONDS;
    }
    if (peak >= CLIP_DECIBELS) this.clipUntil = now + CLIP_SECONDS;
    this.draw(now < this.clipUntil);
    if (now < this.readOutAt) return;
    this.readOutAt = now + READ_OUT_SECONDS;
    this.canvas.setAttribute('aria-valuenow', String(Math.round(this.peak)));
    this.readColours();
  }

  private draw(isClipped: boolean): void {
    const { context, colours } = this;
    const { width, height } = this.canvas;
    // Redraw only when something visible has changed.
    const look =
      Math.round(this.peak * 8) +
      1000 * Math.round(this.rms * 8) +
      1e6 * Math.round(this.hold * 8) +
      (isClipped ? 0.5 : 0);
    if (look === this.shown) return;
    this.shown = look;
    context.fillStyle = colours.ground;
    context.fillRect(0, 0, width, height);
    this.bar(this.peak, 0.38);
    this.bar(this.rms, 1);
    const holdY = this.y(this.hold);
    if (this.hold > RANGE.minimum + 0.5) {
      context.fillStyle = this.hold > LOUD_DECIBELS ? colours.loud : colours.line;
      context.fillRect(0, holdY, width, Math.max(1, devicePixelRatio));
    }
    context.fillStyle = isClipped ? colours.clip : colours.ground;
    context.fillRect(0, 0, width, 4 * devicePixelRatio);
  }

  private bar(level: Decibels, opacity: number): void {
    const { context, colours } = this;
    const { width, height } = this.canvas;
    const top = this.y(level);
    const loudTop = this.y(LOUD_DECIBELS);
    context.globalAlpha = opacity;
    context.fillStyle = colours.quiet;
    context.fillRect(0, Math.max(top, loudTop), width, height - Math.max(top, loudTop));
    if (top < loudTop) {
      context.fillStyle = colours.loud;
      context.fillRect(0, top, width, loudTop - top);
    }
    context.globalAlpha = 1;
  }

  private y(level: Decibels): number {
    const share = (level - RANGE.minimum) / (RANGE.maximum - RANGE.minimum);
    return Math.round(this.canvas.height * (1 - Math.min(1, Math.max(0, share))));
  }

  private readColours(): void {
    const style = getComputedStyle(this.canvas);
    const of = (name: string) => style.getPropertyValue(name).trim();
    const ground = of('--meter-ground');
    if (ground === this.colours.ground && this.colours.quiet !== '') return;
    this.colours = {
      ground,
      quiet: of('--meter-quiet'),
      loud: of('--meter-loud'),
      clip: of('--clip'),
      line: of('--text-dim'),
    };
    this.shown = -1;
  }
}
