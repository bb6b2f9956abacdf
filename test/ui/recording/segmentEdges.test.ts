import { describe, expect, it } from 'vitest';
import { dragRange, longestSeconds, partAt, segmentsWithin } from '../../../ui/recording/segmentEdges.ts';
import { wholeView, zoomAbout } from '../../../ui/recording/TimeView.ts';

const range = { startSeconds: 10, endSeconds: 12 };

describe('a segment', () => {
  it('keeps its length when it is moved, and stays in the recording', () => {
    expect(dragRange(range, 'body', 3, 60)).toEqual({ startSeconds: 13, endSeconds: 15 });
    expect(dragRange(range, 'body', -30, 60)).toEqual({ startSeconds: 0, endSeconds: 2 });
    expect(dragRange(range, 'body', 300, 60)).toEqual({ startSeconds: 58, endSeconds: 60 });
  });

  it('its edges stop at 0.1 s of length and at the ends of the recording', () => {
    expect(dragRange(range, 'start', 1, 60)).toEqual({ startSeconds: 11, endSeconds: 12 });
    expect(dragRange(range, 'start', 5, 60).startSeconds).toBeCloseTo(11.9);
    expect(dragRange(range, 'start', -50, 60).startSeconds).toBe(0);
    expect(dragRange(range, 'end', -5, 60).endSeconds).toBeCloseTo(10.1);
    expect(dragRange(range, 'end', 99, 60).endSeconds).toBe(60);
  });

  it('is held at its edges and its body; a narrow one too', () => {
    const view = wholeView(60, 600);
    expect([99, 100, 106, 110, 114, 120, 121].map((pixel) => partAt(view, range, pixel))).toEqual([
      null,
      'start',
      'start',
      'body',
      'end',
      'end',
      null,
    ]);
    const far = wholeView(600, 600);
    expect(partAt(far, { startSeconds: 10, endSeconds: 13 }, 11.5)).toBe('body');
    expect(partAt(zoomAbout(view, 4, 100), range, 110)).toBe('body');
  });
});

describe('segments', () => {
  const segments = Array.from({ length: 5000 }, (_, index) => ({
    id: index + 1,
    voice: index % 3,
    startSeconds: index,
    endSeconds: index + (index === 7 ? 400 : 0.5),
  }));

  it('in view are those that overlap it, long ones that began before it included', () => {
    const longest = longestSeconds(segments);
    expect(longest).toBe(400);
    const ids = (startSeconds: number, endSeconds: number) =>
      segmentsWithin(segments, { startSeconds, endSeconds }, longest).map(({ id }) => id);
    expect(ids(100.2, 103)).toEqual([8, 101, 102, 103]);
    expect(ids(1000.6, 1001.1)).toEqual([1002]);
    expect(ids(9000, 9001)).toEqual([]);
  });
});
