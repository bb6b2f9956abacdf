import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Random } from '../../engine/core/Random.ts';
import type { HostMessage } from '../../host/protocol/hostMessages.ts';
import type { LiveState } from '../../host/protocol/LiveState.ts';
import type { LiveProgram, ToldStatus } from '../host/LiveProgram.ts';
import { programFolder, startDemo } from './demoProgram.ts';

/**
 * Panels that open, close, flood and stall must not affect the audio, which runs in its own process. Needs no browser: each panel is a
 * WebSocket.
 */
let program: LiveProgram;
beforeAll(async () => {
  program = await startDemo(await programFolder());
}, 60_000);
afterAll(async () => {
  await program.stop();
});

const PANELS = 20;
const SECONDS = 3;
/** Runs with and without panels alternate, so that other load on the machine affects both alike. */
const ROUNDS = 3;

interface Run {
  readonly median: number;
  readonly p99: number;
  readonly gaps: number;
  readonly overloads: number;
  readonly latencySeconds: number;
}

/** Collects the engine's own measurements over the next `SECONDS`. */
async function measure(): Promise<Run> {
  const first = program.statuses.length;
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
  const measured = program.statuses.slice(first);
  const of = (read: (status: ToldStatus) => number) => median(measured.map(read));
  const grown = (read: (status: ToldStatus) => number) => read(measured.at(-1)!) - read(measured[0]!);
  return {
    median: of(({ load }) => load.median),
    p99: of(({ load }) => load.p99),
    latencySeconds: of(({ latency }) => latency.totalSeconds),
    gaps: grown(({ counters }) => counters.inputGaps + counters.outputGaps + counters.shortenings),
    overloads: grown(({ counters }) => counters.overloads),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1]!;
}

function connect(): WebSocket {
  const { host, searchParams } = new URL(program.address);
  return new WebSocket(`ws://${host}/live?token=${searchParams.get('token')}`);
}

async function openSockets(count: number): Promise<WebSocket[]> {
  const sockets = Array.from({ length: count }, connect);
  await Promise.all(sockets.map((socket) => once(socket, 'open')));
  return sockets;
}

/** Opens panels: some only read, two move faders, one floods, three stall, and more connect and disconnect. @returns a function that ends it */
async function crowd() {
  const sockets = await openSockets(PANELS);
  const start = performance.now();
  const heard = { bytes: 0, frames: 0, refusals: 0 };
  sockets[0]!.on('message', (data: Buffer, isBinary: boolean) => {
    heard.bytes += data.length;
    if (isBinary) heard.frames++;
  });
  sockets[2]!.on('message', (data, isBinary) => {
    if (!isBinary && (JSON.parse(String(data)) as HostMessage).type === 'refused') heard.refusals++;
  });
  for (const socket of sockets.slice(-3)) socket.pause();
  let level = -20;
  const moving = setInterval(() => {
    level = level >= 0 ? -20 : level + 0.5;
    for (const [slot, socket] of sockets.slice(0, 2).entries())
      socket.send(JSON.stringify({ type: 'setSpeaker', slot, gainDecibels: level }));
  }, 1000 / 60);
  const flooding = setInterval(() => {
    for (let message = 0; message < 40; message++) sockets[2]!.send('{"type":"nonsense"}');
  }, 50);
  const coming = setInterval(() => {
    void openSockets(2).then((opened) => {
      for (const socket of opened) socket.terminate();
    });
  }, 250);
  return () => {
    const seconds = (performance.now() - start) / 1000;
    for (const timer of [moving, flooding, coming]) clearInterval(timer);
    for (const socket of sockets) socket.terminate();
    const { bytes, frames, refusals } = heard;
    return { kilobits: (bytes * 8) / 1000 / seconds, framesPerSecond: frames / seconds, refusals };
  };
}

it(`${PANELS} panels that read, flood, stall, open and close do not change the engine's block times and dropouts`, {
  timeout: 120_000,
  retry: 2,
}, async () => {
  await measure();
  const [quiet, busy]: [Run[], Run[]] = [[], []];
  const served: ReturnType<Awaited<ReturnType<typeof crowd>>>[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    quiet.push(await measure());
    const leave = await crowd();
    busy.push(await measure());
    served.push(leave());
  }
  const of = (runs: readonly Run[], name: keyof Run) => runs.map((run) => run[name]);
  const total = (runs: readonly Run[], name: keyof Run) => of(runs, name).reduce((sum, each) => sum + each, 0);
  const spread = (name: keyof Run) => Math.max(...of(quiet, name)) - Math.min(...of(quiet, name));
  console.log(JSON.stringify({ quiet, busy, served }));

  // The panels must really have been served.
  for (const { framesPerSecond, refusals, kilobits } of served) {
    expect(framesPerSecond).toBeGreaterThan(15);
    expect(refusals).toBeGreaterThan(0);
    expect(kilobits).toBeLessThan(1000);
  }
  // The panels themselves run on the same two cores: one more dropout in nine seconds is tolerated.
  expect(total(busy, 'gaps')).toBeLessThanOrEqual(total(quiet, 'gaps') + 1);
  expect(total(busy, 'overloads')).toBeLessThanOrEqual(total(quiet, 'overloads'));
  expect(median(of(busy, 'median'))).toBeLessThan(1.25 * median(of(quiet, 'median')) + spread('median') + 0.01);
  expect(median(of(busy, 'latencySeconds'))).toBeLessThan(
    median(of(quiet, 'latencySeconds')) + spread('latencySeconds') + 0.006,
  );
});

it('10,000 random and hostile messages change no setting and do not interrupt the audio', {
  timeout: 90_000,
  retry: 1,
}, async () => {
  const random = new Random(17);
  const listener = connect();
  let state: Partial<LiveState> = {};
  listener.on('message', (data, isBinary) => {
    const message = isBinary ? null : (JSON.parse(String(data)) as HostMessage);
    if (message?.type === 'state') state = { ...state, ...message.state };
  });
  await expect.poll(() => state.settings).toBeDefined();
  const settings = JSON.stringify(state.settings);
  const before = program.latest!;
  let refusals = 0;
  const good = '{"type":"loadPreset","slot":1,"preset":"/etc/passwd"}';
  for (let round = 0; round < 20; round++) {
    const [socket] = await openSockets(1);
    socket!.on('error', () => {});
    socket!.on('message', (data, isBinary) => {
      if (!isBinary && (JSON.parse(String(data)) as HostMessage).type === 'refused') refusals++;
    });
    for (let message = 0; message < 500; message++) {
      const characters = [...good];
      for (let edit = message % 5; edit > 0; edit--)
        characters[Math.floor(random.uniform() * 40)] = String.fromCharCode(Math.floor(random.uniform() * 0x500));
      socket!.send(characters.join(''));
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket!.terminate();
  }
  await expect.poll(() => program.latest!.seconds, { timeout: 5000 }).toBeGreaterThan(before.seconds + 1);
  const after = program.latest!;
  expect(refusals).toBeGreaterThan(1000);
  expect(after.phase).toBe('running');
  expect(after.counters.restarts).toBe(before.counters.restarts);
  expect(
    after.counters.inputGaps + after.counters.outputGaps - before.counters.inputGaps - before.counters.outputGaps,
  ).toBeLessThan(3);
  expect(JSON.stringify(state.settings)).toBe(settings);
  listener.terminate();
});
