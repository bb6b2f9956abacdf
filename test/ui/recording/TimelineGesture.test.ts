import { expect, it } from 'vitest';
import { TimelineGesture } from '../../../ui/recording/TimelineGesture.ts';
import { pixelOf, secondsAt, wholeView, zoomAbout } from '../../../ui/recording/TimeView.ts';

const VIEW = zoomAbout(wholeView(600, 1000), 4, 500);

it('a drag pans, once it is more than a click', () => {
  const gesture = new TimelineGesture(VIEW, 1, 400);
  expect(gesture.move(1, 402)).toBeNull();
  expect(gesture.hasMoved).toBe(false);
  const panned = gesture.move(1, 500)!;
  expect(pixelOf(panned, secondsAt(VIEW, 400))).toBeCloseTo(500, 9);
  expect(panned.secondsPerPixel).toBe(VIEW.secondsPerPixel);
  expect(gesture.release(1)).toBe(true);
});

it('two fingers zoom: the times under them stay under them', () => {
  const gesture = new TimelineGesture(VIEW, 1, 400);
  gesture.add(2, 600);
  gesture.move(1, 300);
  const zoomed = gesture.move(2, 750)!;
  expect(zoomed.secondsPerPixel).toBeCloseTo(VIEW.secondsPerPixel / 2.25, 9);
  expect(pixelOf(zoomed, secondsAt(VIEW, 400))).toBeCloseTo(300, 6);
  expect(pixelOf(zoomed, secondsAt(VIEW, 600))).toBeCloseTo(750, 6);
});

it('a pinch whose first finger is lifted goes on as a drag, without a jump', () => {
  const gesture = new TimelineGesture(VIEW, 1, 400);
  gesture.add(2, 600);
  const zoomed = gesture.move(2, 800)!;
  expect(gesture.release(1)).toBe(false);
  const panned = gesture.move(2, 810)!;
  expect(panned.secondsPerPixel).toBe(zoomed.secondsPerPixel);
  expect(panned.startSeconds).toBeCloseTo(zoomed.startSeconds - 10 * zoomed.secondsPerPixel, 9);
  expect(gesture.release(2)).toBe(true);
});

it('a third finger is ignored', () => {
  const gesture = new TimelineGesture(VIEW, 1, 400);
  gesture.add(2, 600);
  gesture.add(3, 100);
  expect(gesture.move(3, 900)).toBeNull();
  expect(gesture.release(3)).toBe(false);
});
