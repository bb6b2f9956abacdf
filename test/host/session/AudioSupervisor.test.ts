import { describe, expect, it } from 'vitest';
import { AudioSupervisor } from '../../../host/session/AudioSupervisor.ts';
import { FakeClock } from '../../FakeClock.ts';

/** A process whose devices open, fail to open and are lost on request. */
class FakeProcess {
  readonly opening: Promise<string>;
  isKilled = false;
  isClosed = false;
  opened: (devices: string) => void = () => {};
  failed: (error: Error) => void = () => {};
  readonly lost: (problem: string) => void;

  constructor(lost: (problem: string) => void) {
    this.lost = lost;
    this.opening = new Promise((resolve, reject) => {
      this.opened = resolve;
      this.failed = reject;
    });
  }

  /** As the real process: a request in flight ends with it. */
  kill(): void {
    this.isKilled = true;
    this.failed(new Error('killed'));
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

function supervise() {
  const clock = new FakeClock();
  const processes: FakeProcess[] = [];
  const log: string[] = [];
  const supervisor = new AudioSupervisor<FakeProcess, string>({
    clock,
    start: (onLost) => {
      const process = new FakeProcess(onLost);
      processes.push(process);
      return process;
    },
    openDevices: (process) => process.opening,
    onOpened: (opened, isRetry) => log.push(`${isRetry ? 'again' : 'opened'}: ${opened}`),
    onEnded: () => log.push('ended'),
    onLost: (problem) => log.push(`lost: ${problem}`),
    onRetryFailed: (problem) => log.push(`failed: ${problem}`),
  });
  return { clock, processes, log, supervisor };
}
type Scene = ReturnType<typeof supervise>;

/** What may happen to the process started last. */
const EVENTS = {
  open: ({ supervisor, log }: Scene) => void supervisor.open().catch(({ message }) => log.push(`refused: ${message}`)),
  opened: ({ processes }: Scene) => processes.at(-1)!.opened('mic'),
  fail: ({ processes }: Scene) => processes.at(-1)!.failed(new Error('busy')),
  /** Killed by its proxy at the deadline of a request, or because it is silent. */
  hang: ({ processes }: Scene) => processes.at(-1)!.lost('does not respond'),
  die: ({ processes }: Scene) => processes.at(-1)!.lost('has ended'),
  'the process before dies': ({ processes }: Scene) => processes.at(-2)!.lost('late'),
  'the process before opens': ({ processes }: Scene) => processes.at(-2)!.opened('late'),
  'wait 0 s': ({ clock }: Scene) => clock.advance(0),
  'wait 0.4 s': ({ clock }: Scene) => clock.advance(400),
  'wait 3 s': ({ clock }: Scene) => clock.advance(3000),
  retry: ({ supervisor }: Scene) => supervisor.retry(),
  release: ({ supervisor }: Scene) => void supervisor.release(),
  close: ({ supervisor }: Scene) => void supervisor.close(),
} as const;
type EventName = keyof typeof EVENTS;

async function play(events: readonly EventName[]): Promise<Scene & { readonly states: string }> {
  const scene = supervise();
  const states: string[] = [];
  for (const event of events) {
    EVENTS[event](scene);
    await new Promise((resolve) => setImmediate(resolve));
    states.push(scene.supervisor.state.name);
  }
  return { ...scene, states: states.join(' ') };
}

describe('AudioSupervisor', () => {
  it.each<{ events: EventName[]; states: string; starts: number; log: string }>([
    { events: ['open', 'opened'], states: 'opening open', starts: 1, log: 'opened: mic' },
    { events: ['open', 'fail'], states: 'opening released', starts: 1, log: 'refused: busy' },
    {
      // A driver that hangs while it opens a device: the deadline rejects the request.
      events: ['open', 'fail', 'retry', 'wait 0 s', 'opened'],
      states: 'opening released waiting opening open',
      starts: 2,
      log: 'refused: busy, again: mic',
    },
    {
      events: ['open', 'opened', 'wait 3 s', 'hang', 'wait 0 s', 'opened'],
      states: 'opening open open waiting opening open',
      starts: 2,
      log: 'opened: mic, ended, lost: does not respond, again: mic',
    },
    {
      // A short life: the next process waits.
      events: ['open', 'opened', 'die', 'wait 0 s', 'wait 0.4 s', 'opened', 'die', 'wait 0.4 s', 'fail', 'wait 0.4 s'],
      states: 'opening open waiting waiting opening open waiting opening waiting opening',
      starts: 4,
      log: 'opened: mic, ended, lost: has ended, again: mic, ended, lost: has ended, failed: busy',
    },
    {
      events: ['open', 'opened', 'die', 'wait 0.4 s', 'the process before dies', 'the process before opens'],
      states: 'opening open waiting opening opening opening',
      starts: 2,
      log: 'opened: mic, ended, lost: has ended',
    },
    {
      // The user chooses other devices while the first ones hang.
      events: ['open', 'open', 'the process before opens', 'opened'],
      states: 'opening opening opening open',
      starts: 2,
      log: 'refused: opening the devices was cancelled: others were chosen, or the session has ended, opened: mic',
    },
    {
      events: ['open', 'opened', 'die', 'open', 'opened', 'wait 3 s'],
      states: 'opening open waiting opening open open',
      starts: 2,
      log: 'opened: mic, ended, lost: has ended, opened: mic',
    },
    { events: ['open', 'opened', 'release'], states: 'opening open released', starts: 1, log: 'opened: mic, ended' },
  ])('$events leads to $states', async ({ events, states, starts, log }) => {
    const scene = await play(events);
    expect(scene.states).toBe(states);
    expect(scene.processes).toHaveLength(starts);
    expect(scene.log.join(', ')).toBe(log);
    // At most one process is left running.
    const running = scene.processes.filter(({ isKilled, isClosed }) => !isKilled && !isClosed);
    expect(running.length).toBeLessThanOrEqual(1);
  });

  it('kills a process that is opening or lost, and closes one that works', async () => {
    const ends = ({ processes }: Scene) => processes.map(({ isKilled, isClosed }) => [isKilled, isClosed]);
    expect(ends(await play(['open', 'open']))[0]).toEqual([true, false]);
    expect(ends(await play(['open', 'opened', 'hang']))[0]).toEqual([true, false]);
    expect(ends(await play(['open', 'opened', 'open']))[0]).toEqual([false, true]);
  });

  it('opens devices only after the process before has closed them', async () => {
    const scene = await play(['open', 'opened']);
    const [first] = scene.processes;
    let closed = () => {};
    first!.close = () =>
      new Promise((resolve) => {
        closed = resolve;
      });
    EVENTS.open(scene);
    scene.processes.at(-1)!.opened('headset');
    await new Promise((resolve) => setImmediate(resolve));
    expect(scene.supervisor.state.name).toBe('opening');
    closed();
    await expect.poll(() => scene.supervisor.state.name).toBe('open');
  });

  it.each<{ state: string; events: EventName[] }>([
    { state: 'released', events: [] },
    { state: 'opening', events: ['open'] },
    { state: 'open', events: ['open', 'opened'] },
    { state: 'waiting', events: ['open', 'opened', 'die'] },
    { state: 'closed', events: ['close'] },
  ])('can be closed when $state: no timer is left, nothing is started or reported', async ({ state, events }) => {
    const { supervisor, clock, processes, log } = await play(events);
    expect(supervisor.state.name).toBe(state);
    const starts = processes.length;
    await supervisor.close();
    log.length = 0;
    processes.at(-1)?.lost('late');
    clock.advance(60_000);
    await expect(supervisor.open()).rejects.toMatchObject({ kind: 'aborted' });
    expect(supervisor.state.name).toBe('closed');
    expect(clock.pendingTimers).toBe(0);
    expect(processes).toHaveLength(starts);
    expect(log.filter((entry) => !entry.startsWith('refused'))).toEqual([]);
  });
});
