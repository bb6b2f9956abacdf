import { describe, expect, it } from 'vitest';
import {
  panTo,
  pixelOf,
  resizeView,
  reveal,
  secondsAt,
  spanSeconds,
  ticksSeconds,
  wholeView,
  zoomAbout,
} from '../../../ui/recording/TimeView.ts';

const whole = wholeView(7200, 1000);

describe('the view of a recording', () => {
  it('maps seconds to pixels and back', () => {
    const view = panTo(zoomAbout(whole, 40, 0), 600);
    for (const seconds of [600, 650.25, 779]) expect(secondsAt(view, pixelOf(view, seconds))).toBeCloseTo(seconds, 9);
    expect(secondsAt(view, -1e9)).toBe(0);
    expect(secondsAt(view, 1e9)).toBe(7200);
  });

  it('zooms about a point, which stays where it is', () => {
    const before = zoomAbout(whole, 10, 500);
    for (const factor of [1.3, 0.9, 7]) {
      const after = zoomAbout(before, factor, 400);
      expect(pixelOf(after, secondsAt(before, 400))).toBeCloseTo(400, 6);
      expect(spanSeconds(after)).toBeCloseTo(spanSeconds(before) / factor, 6);
    }
  });

  it('stays inside the recording, between 200 pixels a second and the whole of it', () => {
    expect(spanSeconds(zoomAbout(whole, 1e9, 300))).toBeCloseTo(5);
    expect(zoomAbout(zoomAbout(whole, 30, 900), 1e-9, 10)).toEqual(whole);
    const view = zoomAbout(whole, 10, 0);
    expect(panTo(view, -5).startSeconds).toBe(0);
    expect(panTo(view, 7199).startSeconds).toBeCloseTo(7200 - 720);
  });

  it('shows a recording whole that is shorter than the finest zoom', () => {
    const short = wholeView(2, 1000);
    expect(spanSeconds(short)).toBeCloseTo(2);
    expect(zoomAbout(short, 4, 500)).toEqual(short);
  });

  it('keeps its zoom at another width, and still shows the whole if it did', () => {
    expect(resizeView(whole, 390)).toEqual(wholeView(7200, 390));
    const view = zoomAbout(whole, 10, 500);
    expect(resizeView(view, 500)).toMatchObject({ startSeconds: view.startSeconds, widthPixels: 500 });
  });

  it('pages on only if the playhead has left it', () => {
    const view = zoomAbout(whole, 72, 0);
    expect(reveal(view, 99)).toBe(view);
    expect(reveal(view, 101).startSeconds).toBeCloseTo(93);
    expect(reveal(view, 7199).startSeconds).toBeCloseTo(7100);
  });

  it('labels round times, at least 72 pixels apart', () => {
    for (const factor of [1, 3, 17, 100, 1440]) {
      const view = zoomAbout(whole, factor, 321);
      const { stepSeconds, ticks } = ticksSeconds(view);
      expect(stepSeconds / view.secondsPerPixel).toBeGreaterThanOrEqual(72 - 1e-6);
      expect(ticks.length).toBeGreaterThan(2);
      for (const tick of ticks) {
        expect(pixelOf(view, tick)).toBeGreaterThanOrEqual(-1e-6);
        expect(pixelOf(view, tick)).toBeLessThanOrEqual(1000 + 1e-6);
      }
    }
  });
});
