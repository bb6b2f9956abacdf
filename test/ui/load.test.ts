import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Random } from '../../engine/core/Random.ts';
import type { HostMessage } from '../../host/protocol/hostMessages.ts';
import type { LiveState } from '../../host/protocol/LiveState.ts';
import { LiveProgram, type ToldStatus } from './LiveProgram.ts';

/**
 * The audio never notices: panels open, close, flood and stall while the engine runs in its own process. Needs no browser; a panel is
 * its socket.
 */
let program: LiveProgram;
beforeAll(async () => {
  program = await LiveProgram.start();
}, 60_000);
afterAll(() => program.stop());

const PANELS = 20;
const SECONDS = 4;

interface Run {
  readonly median: number;
  readonly p99: number;
  readonly gaps: number;
  readonly shortenings: number;
  readonly overloads: number;
  readonly latencySeconds: number;
}

/** What the engine measured of itself over the next seconds. */
async function measure(): Promise<Run> {
  const first = program.statuses.length;
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
  const told = program.statuses.slice(first);
  const middle = (read: (status: ToldStatus) => number) =>
    told.map(read).sort((one, other) => one - other)[told.length >> 1]!;
  const grown = (read: (status: ToldStatus) => number) => read(told.at(-1)!) - read(told[0]!);
  return {
    median: middle(({ load }) => load.median),
    p99: middle(({ load }) => load.p99),
    latencySeconds: middle(({ latency }) => latency.totalSeconds),
    gaps: grown(({ counters }) => counters.inputGaps + counters.outputGaps),
    shortenings: grown(({ counters }) => counters.shortenings),
    overloads: grown(({ counters }) => counters.overloads),
  };
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

it(`${PANELS} panels that read, flood, stall, open and close leave the engine's block times and drop-outs alone`, {
  timeout: 90_000,
  retry: 2,
}, async () => {
  await measure();
  const quiet = [await measure(), await measure()];
  const sockets = await openSockets(PANELS);
  let bytes = 0;
  sockets[0]!.on('message', (data: Buffer) => {
    bytes += data.length;
  });
  const start = performance.now();
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
  const busy = [await measure(), await measure()];
  const kilobits = (bytes * 8) / (performance.now() - start);
  for (const timer of [moving, flooding, coming]) clearInterval(timer);
  for (const socket of sockets) socket.terminate();
  console.log(JSON.stringify({ quiet, busy, kilobits: Math.round(kilobits) }));
  for (const run of busy) {
    // Repeated runs on a shared machine differ by more than what panels add.
    expect(run.gaps).toBeLessThanOrEqual(1 + Math.max(...quiet.map(({ gaps }) => gaps)));
    expect(run.latencySeconds).toBeLessThan(0.03 + Math.max(...quiet.map(({ latencySeconds }) => latencySeconds)));
    expect(run.overloads).toBeLessThanOrEqual(Math.max(...quiet.map(({ overloads }) => overloads)));
    expect(run.median).toBeLessThan(1.5 * Math.max(...quiet.map(({ median }) => median)) + 0.05);
  }
  /** Two voices, and two faders in motion all the time. */
  expect(kilobits).toBeLessThan(1000);
});

it('10,000 random and hostile messages change nothing, and sound goes on', { timeout: 60_000, retry: 1 }, async () => {
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
  const good = '{"type":"loadPreset","slot":1,"preset":"/etc/passwd"}';
  for (let round = 0; round < 20; round++) {
    const [socket] = await openSockets(1);
    socket!.on('error', () => {});
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
  expect(after.phase).toBe('running');
  expect(after.counters.restarts).toBe(before.counters.restarts);
  expect(
    after.counters.inputGaps + after.counters.outputGaps - before.counters.inputGaps - before.counters.outputGaps,
  ).toBeLessThan(3);
  expect(JSON.stringify(state.settings)).toBe(settings);
  listener.terminate();
});
