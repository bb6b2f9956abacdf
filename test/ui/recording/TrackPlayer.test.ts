import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TrackPlayer } from '../../../ui/recording/TrackPlayer.ts';

const RATE_HERTZ = 1000;

/** A context whose clock the test moves. */
let now = 0;
const started: { readonly track: number; readonly when: number; readonly offset: number; stopped: boolean }[] = [];

class FakeParam {
  value = 0;
  setTargetAtTime(value: number): void {
    this.value = value;
  }
  cancelScheduledValues(): void {}
}
class FakeNode {
  readonly gain = new FakeParam();
  connect(): void {}
  disconnect(): void {}
}
class FakeContext {
  readonly sampleRate = RATE_HERTZ;
  readonly outputLatency = 0;
  readonly destination = new FakeNode();
  get currentTime(): number {
    return now;
  }
  async resume(): Promise<void> {}
  async close(): Promise<void> {}
}
class FakeBuffer {
  private readonly values: Float32Array;
  constructor({ length }: { length: number }) {
    this.values = new Float32Array(length);
  }
  getChannelData(): Float32Array {
    return this.values;
  }
}
class FakeSource extends FakeNode {
  private readonly buffer: FakeBuffer;
  private entry: (typeof started)[number] | null = null;
  constructor(_: FakeContext, { buffer }: { buffer: FakeBuffer }) {
    super();
    this.buffer = buffer;
  }
  start(when: number, offset: number): void {
    // The loader writes the track's number into the samples.
    this.entry = { track: Math.round(this.buffer.getChannelData()[0]! * 32_768), when, offset, stopped: false };
    started.push(this.entry);
  }
  stop(): void {
    this.entry!.stopped = true;
  }
}

describe('the player of a recording', () => {
  let loads: { readonly track: number; readonly from: number; readonly samples: number; readonly finish: () => void }[];
  let player: TrackPlayer;
  const problem = vi.fn();
  const loadAll = async () => {
    while (loads.length > 0) {
      for (const load of loads.splice(0)) load.finish();
      await vi.advanceTimersByTimeAsync(0);
    }
  };
  const wait = async (seconds: number) => {
    for (let step = 0; step < seconds * 10; step++) {
      now += 0.1;
      await vi.advanceTimersByTimeAsync(100);
    }
  };
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('AudioContext', FakeContext);
    vi.stubGlobal('GainNode', FakeNode);
    vi.stubGlobal('AudioBuffer', FakeBuffer);
    vi.stubGlobal('AudioBufferSourceNode', FakeSource);
    now = 100;
    started.length = 0;
    loads = [];
    problem.mockClear();
    player = new TrackPlayer(problem);
    player.setTracks({
      sampleRateHertz: RATE_HERTZ,
      totalSamples: 62_500,
      tracks: [1, 2, 3],
      load: (track, from, samples) =>
        new Promise((resolve) => {
          loads.push({ track, from, samples, finish: () => resolve(new Int16Array(samples).fill(track)) });
        }),
    });
  });
  afterEach(() => {
    player.close();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('waits until the first chunk of every track is there, then starts all at the same sample', async () => {
    player.seek(12);
    await player.play();
    expect(loads.map(({ track, from }) => `${track}@${from}`).slice(0, 3)).toEqual(['1@10000', '2@10000', '3@10000']);
    for (const load of loads.splice(0, 2)) load.finish();
    await wait(0.3);
    expect(player.phase$.value).toBe('loading');
    expect(player.positionSeconds).toBe(12);
    await loadAll();
    expect(player.phase$.value).toBe('playing');
    const first = started.filter(({ offset }) => offset > 0);
    expect(first.map(({ track }) => track)).toEqual([1, 2, 3]);
    expect(new Set(first.map(({ when, offset }) => `${when}/${offset}`)).size).toBe(1);
    expect(first[0]!.offset).toBe(2);
    const next = started.filter(({ offset, when }) => offset === 0 && when < first[0]!.when + 4);
    for (const { when } of next) expect(when - first[0]!.when).toBeCloseTo(3, 9);
    expect(next).toHaveLength(3);
  });

  it('holds three chunks a track at most, and plays on to the end', async () => {
    await player.play();
    await loadAll();
    for (let second = 0; second < 63; second++) {
      expect(loads.length).toBeLessThanOrEqual(3);
      await loadAll();
      await wait(1);
    }
    expect(player.phase$.value).toBe('paused');
    expect(player.positionSeconds).toBe(62.5);
    expect(started).toHaveLength(3 * 13);
    await player.play();
    expect(player.positionSeconds).toBe(0);
  });

  it('all tracks wait together for a late chunk', async () => {
    await player.play();
    for (const load of loads.splice(0)) if (load.from < 10_000) load.finish();
    await wait(10.3);
    expect(player.phase$.value).toBe('loading');
    expect(player.positionSeconds).toBeGreaterThan(9.7);
    expect(player.positionSeconds).toBeLessThan(10);
    const stalled = player.positionSeconds;
    await wait(5);
    expect(player.positionSeconds).toBe(stalled);
  });

  it('seeking stops what sounds and starts at the new place; pausing keeps it', async () => {
    await player.play();
    await loadAll();
    await wait(1);
    player.seek(40);
    expect(started.every(({ stopped }) => stopped)).toBe(true);
    await loadAll();
    await wait(2);
    expect(player.positionSeconds).toBeGreaterThan(41.5);
    player.pause();
    const paused = player.positionSeconds;
    await wait(3);
    expect(player.positionSeconds).toBe(paused);
    expect(started.every(({ stopped }) => stopped)).toBe(true);
  });

  it('a failed request pauses, and is reported once', async () => {
    player.setTracks({
      sampleRateHertz: RATE_HERTZ,
      totalSamples: 62_500,
      tracks: [1],
      load: async () => {
        throw new Error('gone');
      },
    });
    await player.play();
    await wait(1);
    expect(player.phase$.value).toBe('paused');
    expect(problem.mock.calls.length).toBe(1);
  });
});
