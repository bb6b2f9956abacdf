import type { Seconds } from '../../engine/core/units.ts';

/** The part of a recording that a timeline shows, and the map between its seconds and CSS pixels. */
export interface TimeView {
  /** Length of the recording. */
  readonly durationSeconds: Seconds;
  /** Time at the left edge. */
  readonly startSeconds: Seconds;
  readonly secondsPerPixel: Seconds;
  readonly widthPixels: number;
}

/** Finest zoom: 200 pixels a second, 4 for each column of the overview. */
const FINEST_SECONDS_PER_PIXEL = 1 / 200;
/** Share of the width that lies before a time which has come into view. */
const LEAD = 0.08;
/** Narrowest distance between two labels of the time axis. */
const LABEL_PIXELS = 72;
const TICK_STEPS_SECONDS: readonly Seconds[] = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200,
];

/** Shows the whole recording. */
export function wholeView(durationSeconds: Seconds, widthPixels: number): TimeView {
  const width = Math.max(1, widthPixels);
  return clampView({
    durationSeconds,
    startSeconds: 0,
    secondsPerPixel: durationSeconds / width,
    widthPixels: width,
  });
}

/** The length of the part that is shown. */
export function spanSeconds({ secondsPerPixel, widthPixels }: TimeView): Seconds {
  return secondsPerPixel * widthPixels;
}

export function isWhole(view: TimeView): boolean {
  return spanSeconds(view) >= view.durationSeconds * 0.999;
}

export function pixelOf({ startSeconds, secondsPerPixel }: TimeView, seconds: Seconds): number {
  return (seconds - startSeconds) / secondsPerPixel;
}

/** @returns the time at a pixel, within the recording */
export function secondsAt(view: TimeView, pixel: number): Seconds {
  return clamp(view.startSeconds + pixel * view.secondsPerPixel, 0, view.durationSeconds);
}

/** Zooms so that the time at `pixel` stays where it is. @param factor over 1: closer */
export function zoomAbout(view: TimeView, factor: number, pixel: number): TimeView {
  const secondsPerPixel = clampScale(view, view.secondsPerPixel / factor);
  const anchor = view.startSeconds + pixel * view.secondsPerPixel;
  return clampView({ ...view, secondsPerPixel, startSeconds: anchor - pixel * secondsPerPixel });
}

/**
 * Zooms and pans so that the times under two fingers stay under them.
 * @param from pixels of the two fingers in `view`
 * @param to where they are now
 */
export function pinch(view: TimeView, from: readonly [number, number], to: readonly [number, number]): TimeView {
  const factor = Math.max(1, Math.abs(to[1] - to[0])) / Math.max(1, Math.abs(from[1] - from[0]));
  const centre = (from[0] + from[1]) / 2;
  const zoomed = zoomAbout(view, factor, centre);
  return panTo(zoomed, zoomed.startSeconds - ((to[0] + to[1]) / 2 - centre) * zoomed.secondsPerPixel);
}

export function panTo(view: TimeView, startSeconds: Seconds): TimeView {
  return clampView({ ...view, startSeconds });
}

/** The same start and zoom at another width; what showed the whole recording still does. */
export function resizeView(view: TimeView, widthPixels: number): TimeView {
  if (isWhole(view)) return wholeView(view.durationSeconds, widthPixels);
  return clampView({ ...view, widthPixels: Math.max(1, widthPixels) });
}

/** @returns the same view if `seconds` is in it, otherwise one in which it is near the left edge */
export function reveal(view: TimeView, seconds: Seconds): TimeView {
  const pixel = pixelOf(view, seconds);
  if (pixel >= 0 && pixel <= view.widthPixels) return view;
  return panTo(view, seconds - LEAD * spanSeconds(view));
}

/** Times to label, a round number of seconds apart. */
export function ticksSeconds(view: TimeView): { readonly stepSeconds: Seconds; readonly ticks: readonly Seconds[] } {
  const least = LABEL_PIXELS * view.secondsPerPixel;
  const stepSeconds = TICK_STEPS_SECONDS.find((step) => step >= least) ?? Math.ceil(least / 3600) * 3600;
  const first = Math.ceil(view.startSeconds / stepSeconds - 1e-9);
  const last = Math.floor(Math.min(view.durationSeconds, view.startSeconds + spanSeconds(view)) / stepSeconds + 1e-9);
  const count = Math.max(0, last - first + 1);
  return { stepSeconds, ticks: Array.from({ length: count }, (_, index) => (first + index) * stepSeconds) };
}

function clampView(view: TimeView): TimeView {
  const secondsPerPixel = clampScale(view, view.secondsPerPixel);
  const latest = Math.max(0, view.durationSeconds - secondsPerPixel * view.widthPixels);
  return { ...view, secondsPerPixel, startSeconds: clamp(view.startSeconds, 0, latest) };
}

/** Between the finest zoom and the whole recording; a recording too short for the finest zoom is shown whole. */
function clampScale({ durationSeconds, widthPixels }: TimeView, secondsPerPixel: Seconds): Seconds {
  const coarsest = Math.max(1e-6, durationSeconds / widthPixels);
  return clamp(secondsPerPixel, Math.min(FINEST_SECONDS_PER_PIXEL, coarsest), coarsest);
}

function clamp(value: number, minimum: number, maximum: number): number {
  return Math.min(maximum, Math.max(minimum, value));
}
