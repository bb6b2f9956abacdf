import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BlockWatch } from '../../../../host/audio/backend/BlockWatch.ts';

describe('BlockWatch', () => {
  let watch: BlockWatch;
  let stops: number;

  beforeEach(() => {
    vi.useFakeTimers();
    stops = 0;
    watch = new BlockWatch(() => stops++);
  });
  afterEach(() => {
    watch.end();
    vi.useRealTimers();
  });

  it('waits 4 s for the first block and 0.8 s for the next one, and reports once', () => {
    vi.advanceTimersByTime(3900);
    expect(stops).toBe(0);
    watch.noteBlock();
    vi.advanceTimersByTime(700);
    watch.noteBlock();
    vi.advanceTimersByTime(700);
    expect(stops).toBe(0);
    vi.advanceTimersByTime(10_000);
    expect(stops).toBe(1);
  });

  it('reports a device that never delivers a block', () => {
    vi.advanceTimersByTime(4000);
    expect(stops).toBe(1);
  });

  it('keeps a device while the process stands still, whose blocks are read after it', () => {
    watch.noteBlock();
    vi.advanceTimersByTime(200);
    // The clock goes on, timers do not: then the timer is called before the blocks that wait are read.
    vi.setSystemTime(Date.now() + 5000);
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 5000);
    vi.advanceTimersByTime(100);
    expect(stops).toBe(0);
    watch.noteBlock();
    vi.restoreAllMocks();
    vi.advanceTimersByTime(700);
    expect(stops).toBe(0);
  });

  it('is silent after its end', () => {
    watch.noteBlock();
    watch.end();
    vi.advanceTimersByTime(10_000);
    expect(stops).toBe(0);
  });
});
