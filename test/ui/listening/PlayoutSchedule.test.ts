import { expect, it } from 'vitest';
import { PictureDelay } from '../../../ui/listening/PictureDelay.ts';
import { PlayoutSchedule } from '../../../ui/listening/PlayoutSchedule.ts';

const FRAME = 0.05;

it('frames that arrive a little early or late follow each other without a gap', () => {
  const schedule = new PlayoutSchedule();
  let end = 0;
  for (let n = 0; n < 200; n++) {
    const placed = schedule.place(n * FRAME + 0.04 * Math.sin(n), FRAME)!;
    expect(placed.isRestart).toBe(n === 0);
    if (n > 0) expect(placed.startSeconds).toBeCloseTo(end, 9);
    end = placed.startSeconds + FRAME;
  }
});

it('a late frame raises the lead, up to a limit', () => {
  const schedule = new PlayoutSchedule();
  const leads = Array.from({ length: 20 }, (_, n) => schedule.place(10 * n, FRAME)!.startSeconds - 10 * n);
  expect(leads[1]!).toBeGreaterThan(leads[0]!);
  expect(leads.at(-1)).toBe(leads.at(-2));
  expect(leads.at(-1)).toBeLessThanOrEqual(0.5);
});

it('the delay stays bounded, whatever arrives: frames are left out, not queued', () => {
  const schedule = new PlayoutSchedule();
  let placed = 0;
  for (let n = 0; n < 1000; n++) {
    if (schedule.place(n * 0.01, FRAME) !== null) placed++;
    expect(schedule.delaySeconds(n * 0.01)).toBeLessThan(0.5);
  }
  expect(placed).toBeGreaterThan(150);
  expect(placed).toBeLessThan(250);
});

it('pictures are shown in order, as late as the sound, and at once when nobody listens', () => {
  const shown: number[] = [];
  const delay = new PictureDelay((frame) => shown.push(frame[0]!));
  for (let n = 0; n < 20; n++) delay.push(Uint8Array.of(n), 0.1, n / 60);
  expect(shown).toEqual(Array.from({ length: 14 }, (_, n) => n));
  delay.push(Uint8Array.of(20), 0, 20 / 60);
  expect(shown).toEqual(Array.from({ length: 21 }, (_, n) => n));
  for (let n = 21; n < 221; n++) delay.push(Uint8Array.of(n), 1e9, n / 60);
  expect(shown.length).toBe(131);
});
