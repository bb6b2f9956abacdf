import { describe, expect, it } from 'vitest';
import { EngineSupervisor, type SupervisedEngine } from '../../../host/audioProcess/EngineSupervisor.ts';
import { FakeClock } from '../../FakeClock.ts';

/** An engine that ends, hangs and becomes ready on request. */
class FakeEngine implements SupervisedEngine {
  readonly ready: Promise<'ready' | 'exited'>;
  readonly input = { readable: 0 };
  readonly metrics = { get: () => this.samples };
  isAbandoned = false;
  isStopped = false;
  samples = 0;
  settle: (outcome: 'ready' | 'exited') => void = () => {};
  readonly fault: (error: Error) => void;

  constructor(fault: (error: Error) => void) {
    this.fault = fault;
    this.ready = new Promise((resolve) => {
      this.settle = resolve;
    });
  }

  abandon(): void {
    this.isAbandoned = true;
  }

  async stop(): Promise<void> {
    this.isStopped = true;
  }
}

function supervise() {
  const clock = new FakeClock();
  const engines: FakeEngine[] = [];
  const log: string[] = [];
  const supervisor = new EngineSupervisor<FakeEngine>({
    clock,
    start: (onFault) => {
      const engine = new FakeEngine(onFault);
      engines.push(engine);
      return engine;
    },
    onEnded: ({ message }) => log.push(`ended: ${message}`),
    onRestarted: () => log.push('restarted'),
    onFailed: ({ message }) => log.push(`failed: ${message}`),
  });
  return { clock, engines, log, supervisor };
}
type Scene = ReturnType<typeof supervise>;

/** What may happen to the engine started last. `ready` and `exit before ready` are reported by a promise, so they take a microtask. */
const EVENTS = {
  ready: async ({ supervisor }: Scene) => supervisor.latest.settle('ready'),
  die: async ({ supervisor }: Scene) => supervisor.latest.fault(new Error('died')),
  'exit before ready': async ({ supervisor }: Scene) => {
    supervisor.latest.settle('exited');
    supervisor.latest.fault(new Error('died'));
  },
  /** Input lies in the ring and nothing is processed for longer than a hang takes to detect. */
  hang: async ({ supervisor, clock }: Scene) => {
    supervisor.latest.input.readable = 512;
    clock.advance(1050);
  },
  'live 3 s': async ({ supervisor, clock }: Scene) => {
    for (let milliseconds = 0; milliseconds < 3000; milliseconds += 25) {
      supervisor.latest.samples += 400;
      clock.advance(25);
    }
  },
  'wait 1 s': async ({ clock }: Scene) => clock.advance(1000),
  'wait 2 s': async ({ clock }: Scene) => clock.advance(2000),
  'wait 30 s': async ({ clock }: Scene) => clock.advance(30_000),
  'the engine before reports a fault': async ({ engines }: Scene) => engines.at(-2)?.fault(new Error('late')),
  'the engine before becomes ready': async ({ engines }: Scene) => engines.at(-2)?.settle('ready'),
  close: async ({ supervisor }: Scene) => supervisor.stop(),
} as const;
type EventName = keyof typeof EVENTS;

async function play(events: readonly EventName[]): Promise<Scene & { readonly states: readonly string[] }> {
  const scene = supervise();
  const states: string[] = [];
  for (const event of events) {
    await EVENTS[event](scene);
    await new Promise((resolve) => setImmediate(resolve));
    states.push(scene.supervisor.state.name);
  }
  return { ...scene, states };
}

const dieAtOnce: readonly EventName[] = ['ready', 'die', 'wait 2 s'];

describe('EngineSupervisor', () => {
  it.each<{ events: EventName[]; states: string; restarts: number }>([
    { events: ['ready', 'die'], states: 'running starting', restarts: 1 },
    { events: ['die', 'ready'], states: 'starting running', restarts: 1 },
    { events: ['exit before ready'], states: 'starting', restarts: 1 },
    { events: ['ready', 'hang'], states: 'running starting', restarts: 1 },
    { events: ['wait 1 s', 'wait 30 s', 'ready'], states: 'starting starting running', restarts: 1 },
    {
      // A second short life waits for 2 s; faults of the dead engine change nothing.
      events: ['ready', 'die', 'ready', 'die', 'die', 'hang', 'wait 1 s', 'ready'],
      states: 'running starting running backingOff backingOff backingOff starting running',
      restarts: 2,
    },
    {
      // The input ring of a dead engine still holds samples: that is not a hang of the dead engine.
      events: ['ready', 'live 3 s', 'die', 'hang', 'ready', 'live 3 s', 'die', 'hang', 'ready', 'live 3 s'],
      states: 'running running starting starting running running starting starting running running',
      restarts: 2,
    },
    {
      events: ['ready', 'die', 'the engine before reports a fault', 'ready'],
      states: 'running starting starting running',
      restarts: 1,
    },
    {
      events: ['die', 'the engine before becomes ready', 'wait 1 s'],
      states: 'starting starting starting',
      restarts: 1,
    },
  ])('$events leads to $states', async ({ events, states, restarts }) => {
    const scene = await play(events);
    expect(scene.states.join(' ')).toBe(states);
    expect(scene.supervisor.restarts).toBe(restarts);
    expect(scene.engines).toHaveLength(restarts + 1);
    expect(scene.log.filter((entry) => entry.startsWith('ended'))).toHaveLength(restarts);
  });

  it('restarts exactly twice after two crashes', async () => {
    const crashes: EventName[] = ['ready', 'live 3 s', 'die', 'ready', 'die', 'ready'];
    const { log, supervisor } = await play([...crashes, 'live 3 s', 'live 3 s', 'live 3 s']);
    expect(supervisor.restarts).toBe(2);
    expect(log).toEqual(['ended: died', 'restarted', 'ended: died', 'restarted']);
  });

  it('abandons an engine that ends, and no other', async () => {
    const { engines } = await play(['ready', 'die', 'ready', 'hang']);
    expect(engines.map(({ isAbandoned }) => isAbandoned)).toEqual([true, true]);
    const { engines: alive } = await play(['ready', 'live 3 s']);
    expect(alive.map(({ isAbandoned }) => isAbandoned)).toEqual([false]);
  });

  it('distinguishes a hang from a start that takes too long', async () => {
    expect((await play(['ready', 'hang'])).log).toContain('ended: the engine has not moved for 1000 ms');
    expect((await play(['wait 30 s'])).log).toContain('ended: the engine was not ready within 30 s');
  });

  it('an engine without input does not hang', async () => {
    const { states } = await play(['ready', 'wait 30 s']);
    expect(states).toEqual(['running', 'running']);
  });

  it('gives up after more than five short lives in a row, and leaves no timer behind', async () => {
    const { supervisor, log, clock } = await play(Array(5).fill(dieAtOnce).flat());
    expect(supervisor.state.name).toBe('starting');
    supervisor.latest.fault(new Error('died'));
    expect(supervisor.state.name).toBe('failed');
    expect(log.at(-1)).toBe('failed: died');
    expect(clock.pendingTimers).toBe(0);
    await supervisor.settled;
  });

  it('forgets short lives after a long one', async () => {
    const { states } = await play([...Array(5).fill(dieAtOnce).flat(), 'ready', 'live 3 s', 'die']);
    expect(states.at(-1)).toBe('starting');
  });

  it.each<{ state: string; events: EventName[] }>([
    { state: 'starting', events: [] },
    { state: 'running', events: ['ready'] },
    { state: 'backingOff', events: ['ready', 'die', 'die'] },
    { state: 'failed', events: [...Array(5).fill(dieAtOnce).flat(), 'die'] },
    { state: 'stopped', events: ['ready', 'close'] },
  ])('can be closed when $state: no timer is left, nothing is started or reported', async ({ state, events }) => {
    const { supervisor, clock, engines, log } = await play(events);
    expect(supervisor.state.name).toBe(state);
    const before = [engines.length, log.length];
    await supervisor.stop();
    await supervisor.settled;
    engines.at(-1)?.fault(new Error('late'));
    engines.at(-1)?.settle('ready');
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(40_000);
    expect(supervisor.state.name).toBe('stopped');
    expect(clock.pendingTimers).toBe(0);
    expect([engines.length, log.length]).toEqual(before);
    expect(supervisor.latest.isStopped).toBe(['starting', 'running', 'stopped'].includes(state));
  });

  it('starts no new engine if the current one dies while recordings are completed', async () => {
    const { supervisor, engines, clock } = await play(['ready']);
    await supervisor.stop(async () => {
      engines.at(-1)?.fault(new Error('died'));
      clock.advance(5000);
    });
    expect(engines).toHaveLength(1);
  });
});
