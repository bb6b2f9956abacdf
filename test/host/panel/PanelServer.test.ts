import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { Random } from '../../../engine/core/Random.ts';
import { type Panel, startPanel } from '../../../host/panel/PanelServer.ts';
import { type HostMessage, parseHostMessage } from '../../../host/protocol/hostMessages.ts';
import { SimulatedSession, simulatedStatus } from '../../ui/SimulatedSession.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

let session: SimulatedSession;
let panel: Panel;
let address: URL;
const sockets: WebSocket[] = [];

beforeEach(async () => {
  session = await SimulatedSession.bundled(['synthetic-female', 'synthetic-male']);
  panel = await startPanel(session, { port: 0 });
  address = new URL(panel.address);
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await panel.close();
});

const token = () => address.searchParams.get('token')!;
const bearer = () => ({ Authorization: `Bearer ${token()}` });
const at = (path: string) => new URL(path, address.origin).href;

function connect(options: { token?: string; headers?: Record<string, string> } = {}): WebSocket {
  const socket = new WebSocket(`ws://${address.host}/live?token=${options.token ?? token()}`, {
    headers: options.headers ?? {},
  });
  sockets.push(socket);
  return socket;
}

/** Collects the host's messages; `wait` resolves with the next one that satisfies `match`. */
async function openPanel() {
  const socket = connect();
  const received: HostMessage[] = [];
  let frames = 0;
  socket.on('message', (data, isBinary) => {
    if (isBinary) frames++;
    else received.push(parseHostMessage(String(data)));
  });
  await once(socket, 'open');
  const wait = async <T extends HostMessage>(match: (message: HostMessage) => message is T): Promise<T> => {
    for (let trial = 0; trial < 300; trial++) {
      const found = received.findIndex(match);
      if (found >= 0) return received.splice(0, found + 1).at(-1) as T;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('no such message was received');
  };
  return { socket, wait, send: (value: unknown) => socket.send(JSON.stringify(value)), frames: () => frames };
}

const isRefused = (message: HostMessage) => message.type === 'refused';
const isState = (message: HostMessage) => message.type === 'state';
const isStatus = (message: HostMessage) => message.type === 'status';

async function refusedUpgrade(socket: WebSocket): Promise<number> {
  socket.on('error', () => {});
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
  return response.statusCode;
}

/** fetch() does not allow setting the Host header. */
function statusWithHeaders(path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: address.port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    request.on('error', reject);
    request.end();
  });
}

describe('access', () => {
  it('listens on loopback without a warning', () => {
    expect(address.hostname).toBe('127.0.0.1');
    expect(token().length).toBeGreaterThanOrEqual(24);
    expect(panel.warning).toBeNull();
  });

  it('returns a warning if other machines can reach it', async () => {
    const open = await startPanel(session, { port: 0, host: '0.0.0.0' });
    expect(open.warning).toMatch(/not encrypted; from another machine: http:/);
    const [outside] = /http:\S+/.exec(open.warning!)!;
    expect((await fetch(outside)).status).toBe(200);
    expect((await fetch(outside.replace(/token=.*/, ''))).status).toBe(403);
    await open.close();
  });

  it('serves the page only with the token, under a policy that allows no other source', async () => {
    const page = await fetch(panel.address);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'/);
    expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe/);
    expect((await fetch(at('/'))).status).toBe(403);
    expect((await fetch(at('/?token=wrong'))).status).toBe(403);
  });

  it('exchanges a code for the token, once', async () => {
    const login = new URL(panel.loginAddress());
    expect(login.href).not.toContain(token());
    const code = login.searchParams.get('code')!;
    expect((await fetch(login)).status).toBe(200);
    const exchange = (body: string, headers: Record<string, string> = {}) =>
      fetch(at('/token'), { method: 'POST', body, headers });
    expect((await exchange('x'.repeat(24))).status).toBe(401);
    expect((await exchange('x'.repeat(100))).status).toBe(413);
    expect((await exchange(code, { Origin: 'http://evil.example' })).status).toBe(403);
    const answer = await exchange(code, { Origin: address.origin });
    expect(await answer.json()).toEqual({ token: token() });
    expect((await exchange(code)).status).toBe(401);
    const reopened = await fetch(login);
    expect([reopened.status, await reopened.text()]).toEqual([403, expect.stringMatching(/its code has been used/)]);
  });

  it('limits the rate at which codes can be tried', async () => {
    const statuses = new Set<number>();
    for (let trial = 0; trial < 30; trial++)
      statuses.add((await fetch(at('/token'), { method: 'POST', body: `guess ${trial}` })).status);
    expect([...statuses]).toEqual([401, 429]);
  });

  it('refuses panels that have the token of a previous run if it has been replaced', async () => {
    const folder = temporaryFolder();
    vi.stubEnv('UNMINGLE_SETTINGS', join(folder, 'live.json'));
    await panel.close();
    const port = Number(address.port);
    const start = async (isTokenNew: boolean) => {
      panel = await startPanel(session, { port, isTokenNew });
      address = new URL(panel.address);
      return token();
    };
    const first = await start(false);
    await once(connect(), 'open');
    await panel.close();
    expect(await start(false)).toBe(first);
    await panel.close();
    expect(await start(true)).not.toBe(first);
    await once(connect(), 'open');
    expect(await refusedUpgrade(connect({ token: first }))).toBe(401);
    vi.unstubAllEnvs();
  });

  it('refuses sockets with a wrong token, origin or host', async () => {
    expect(await refusedUpgrade(connect({ token: 'wrong' }))).toBe(401);
    expect(await refusedUpgrade(connect({ headers: { Origin: 'http://evil.example' } }))).toBe(403);
    expect(await refusedUpgrade(connect({ headers: { Origin: `http://127.0.0.1:1` } }))).toBe(403);
    expect(await refusedUpgrade(connect({ headers: { Origin: 'null' } }))).toBe(403);
    expect(await refusedUpgrade(connect({ headers: { Host: `evil.example:${address.port}` } }))).toBe(403);
    const own = connect({ headers: { Origin: address.origin } });
    await once(own, 'open');
  });

  it('refuses requests for a foreign host name, even with the token', async () => {
    const path = `/?token=${token()}`;
    expect(await statusWithHeaders(path, { Host: `rebound.example:${address.port}` })).toBe(403);
    expect(await statusWithHeaders(path, { Host: `localhost:${address.port}` })).toBe(200);
    expect(await statusWithHeaders('/presets/synthetic-male', { ...bearer(), Origin: 'http://evil.example' })).toBe(
      403,
    );
  });

  it('explains that a port is in use', async () => {
    await expect(startPanel(session, { port: Number(address.port), token: token() })).rejects.toThrow(
      /another program uses this port/,
    );
  });
});

describe('the conversation', () => {
  it('begins with the state; later states hold the changed fields only', async () => {
    const { send, wait } = await openPanel();
    expect((await wait(isState)).state.settings!.speakers).toHaveLength(2);
    send({ type: 'setSpeaker', slot: 1, gainDecibels: -12 });
    const { state } = await wait(isState);
    expect(state.settings!.speakers[1]!.gainDecibels).toBe(-12);
    expect(Object.keys(state)).toEqual(['settings']);
  });

  it('sends the last five minutes to a panel that connects later', async () => {
    await openPanel();
    for (let second = 0; second < 700; second++) session.status$.next(simulatedStatus(second, second / 1000));
    const { wait } = await openPanel();
    const { points } = await wait((message) => message.type === 'past');
    expect(points).toHaveLength(600);
    expect(points.at(-1)).toEqual([0.699, 1.1883, 0.032, 0]);
  });

  it('sends the changes of one panel to the others', async () => {
    const [one, other] = [await openPanel(), await openPanel()];
    await one.wait(isState);
    await other.wait(isState);
    one.send({ type: 'setMaster', isBypassed: true });
    expect((await other.wait(isState)).state.settings!.master.isBypassed).toBe(true);
  });

  it('carries out one message at a time, so that no change undoes another', async () => {
    const handle = session.control.bind(session);
    let running = 0;
    let most = 0;
    session.control = async (message) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await handle(message);
      running--;
    };
    const [one, other] = [await openPanel(), await openPanel()];
    for (let level = -10; level < 0; level++) {
      one.send({ type: 'setSpeaker', slot: 0, gainDecibels: level });
      other.send({ type: 'setSpeaker', slot: 1, gainDecibels: level });
    }
    await expect.poll(() => session.messages.length).toBe(20);
    expect(session.state.settings.speakers.map(({ gainDecibels }) => gainDecibels)).toEqual([-1, -1]);
    expect(most).toBe(1);
  });

  it('a panel that sends more than the host can handle delays only itself', async () => {
    const handle = session.control.bind(session);
    const slow: (() => void)[] = [];
    session.control = async (message) => {
      if (message.type === 'setWindow') await new Promise<void>((resolve) => slow.push(resolve));
      await handle(message);
    };
    const [greedy, modest] = [await openPanel(), await openPanel()];
    for (let n = 1; n <= 50; n++) greedy.send({ type: 'setWindow', latency: n / 100, id: n });
    const isBusy = (message: HostMessage) => message.type === 'refused' && message.id === 50;
    expect(await greedy.wait(isBusy as typeof isRefused)).toMatchObject({
      reason: expect.stringMatching(/still busy/),
    });
    modest.send({ type: 'setRest', isMuted: true, id: 'mute' });
    greedy.send({ type: 'setRest', isSoloed: true, id: 'last' });
    // Both messages are queued once the host has answered the ones after them.
    for (const panel of [modest, greedy]) {
      panel.send({ type: 'nonsense' });
      await panel.wait(isRefused);
    }
    slow.shift()!();
    await expect.poll(() => session.messages.map(({ type }) => type)).toEqual(['setWindow', 'setRest']);
    for (let n = 2; n <= 9; n++) {
      await expect.poll(() => slow.length).toBe(1);
      slow.shift()!();
    }
    await expect.poll(() => session.state.settings.rest).toMatchObject({ isMuted: true, isSoloed: true });
    expect(session.state.settings.latency).toBe(0.09);
  });

  it('limits the rate of states while a fader is dragged, and always sends its last position', async () => {
    const { socket, wait, send } = await openPanel();
    await wait(isState);
    let states = 0;
    socket.on('message', (_, isBinary) => {
      if (!isBinary) states++;
    });
    const start = performance.now();
    for (let level = -50; level <= 0; level += 0.5) {
      send({ type: 'setSpeaker', slot: 0, gainDecibels: level });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await expect.poll(() => session.messages.length).toBe(101);
    const last = async (): Promise<number> => {
      const { state } = await wait(isState);
      const { gainDecibels } = state.settings!.speakers[0]!;
      return gainDecibels === 0 ? gainDecibels : last();
    };
    expect(await last()).toBe(0);
    expect(states).toBeLessThan(3 + (performance.now() - start) / 45);
  });

  it('answers a refused message with the reason', async () => {
    const { send, wait } = await openPanel();
    send({ type: 'setSpeaker', slot: 0, gainDecibels: 99 });
    expect((await wait(isRefused)).reason).toMatch(/gainDecibels: must be at most 12/);
    send({ type: 'loadPreset', slot: 0, preset: 'nobody' });
    expect((await wait(isRefused)).reason).toMatch(/nobody/);
  });

  it('answers messages that have an id, with that id, and no others', async () => {
    const { send, wait } = await openPanel();
    const isAnswer = (message: HostMessage) => message.type === 'done' || message.type === 'refused';
    send({ type: 'setMaster', wet: 0.5 });
    send({ type: 'setMaster', wet: 0.25, id: 'quarter' });
    expect(await wait(isAnswer)).toEqual({ type: 'done', id: 'quarter' });
    send({ type: 'setMaster', wet: 9, id: 7 });
    expect(await wait(isAnswer)).toEqual({
      type: 'refused',
      reason: 'wet: must be at most 1',
      error: { kind: 'input', message: 'wet: must be at most 1', remedy: null },
      id: 7,
    });
    for (const id of [null, {}, 1.5, 'x'.repeat(65), true]) {
      send({ type: 'setMaster', wet: 1, id });
      const answer = await wait(isRefused);
      expect(answer.reason).toMatch(/^id: must be a whole number/);
      expect(answer).not.toHaveProperty('id');
    }
    expect(session.messages).toEqual([
      { type: 'setMaster', wet: 0.5 },
      { type: 'setMaster', wet: 0.25 },
    ]);
  });

  it('lets a panel choose listed devices only, never a path', async () => {
    const { send, wait } = await openPanel();
    await wait(isState);
    send({ type: 'setDevices', backend: 'file', input: '/etc/passwd' });
    expect((await wait(isRefused)).reason).toMatch(/input: must be one of/);
    send({ type: 'setDevices', backend: 'shell' });
    expect((await wait(isRefused)).reason).toMatch(/backend must be one of .*, got "shell"/);
    send({ type: 'setDevices', input: 'headset', output: 'none' });
    expect((await wait(isState)).state.settings!.input).toBe('headset');
    expect(session.messages).toHaveLength(1);
  });

  it('closes a connection that sends binary or oversized messages, and keeps serving others', async () => {
    const binary = await openPanel();
    binary.socket.send(new Uint8Array(10));
    expect((await once(binary.socket, 'close'))[0]).toBe(1003);
    const giant = await openPanel();
    giant.socket.send('x'.repeat(20_000));
    expect((await once(giant.socket, 'close'))[0]).toBe(1009);
    await (await openPanel()).wait(isState);
  });

  it('survives 10,000 random and hostile messages while telemetry continues', { timeout: 60_000 }, async () => {
    const random = new Random(5);
    const healthy = await openPanel();
    const ticker = setInterval(() => session.telemetry$.next(new Uint8Array(1000)), 5);
    const good = '{"type":"setSpeaker","slot":1,"gainDecibels":-6,"isMuted":true}';
    const hostile = [
      '',
      'null',
      '[]',
      '{"type":"__proto__"}',
      '{"__proto__":{"type":"setMaster"}}',
      '1e999',
      '"'.repeat(9),
    ];
    let sent = 0;
    while (sent < 10_000) {
      const socket = connect();
      socket.on('error', () => {});
      await once(socket, 'open');
      for (let message = 0; message < 1000; message++, sent++) {
        const text = [...good];
        for (let edit = 0; edit < 4; edit++)
          text[Math.floor(random.uniform() * text.length)] = String.fromCharCode(Math.floor(random.uniform() * 300));
        socket.send(message % 7 === 0 ? hostile[message % hostile.length]! : text.join(''));
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const before = healthy.frames();
    healthy.send({ type: 'setMaster', wet: 0.5 });
    await expect.poll(() => session.state.settings.master.wet).toBe(0.5);
    await expect.poll(() => healthy.frames()).toBeGreaterThan(before);
    clearInterval(ticker);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('survives bytes that are not WebSocket frames, before and after the handshake', { timeout: 60_000 }, async () => {
    const random = new Random(9);
    const healthy = await openPanel();
    const noise = (bytes: number) => Uint8Array.from({ length: bytes }, () => random.uniform() * 256);
    const handshake = [
      `GET /live?token=${token()} HTTP/1.1`,
      `Host: ${address.host}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      '',
      '',
    ].join('\r\n');
    let shaken = 0;
    for (let trial = 0; trial < 100; trial++) {
      const socket = connectTcp(Number(address.port), '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      if (trial % 4 === 3) socket.write(noise(300));
      else if (trial % 4 === 2) socket.write(handshake.slice(0, Math.floor(random.uniform() * handshake.length)));
      else {
        socket.write(handshake);
        if (/ 101 /.test(String((await once(socket, 'data'))[0]))) shaken++;
        socket.write(noise(trial % 4 === 0 ? 40 : 40_000));
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
      socket.destroy();
    }
    expect(shaken).toBe(50);
    healthy.send({ type: 'setMaster', wet: 0.25 });
    await expect.poll(() => session.state.settings.master.wet).toBe(0.25);
    expect(session.messages).toHaveLength(1);
  });

  it('disconnects a panel that floods it with messages', async () => {
    const { socket, wait } = await openPanel();
    const isFlood = (message: HostMessage) => message.type === 'refused' && /too many/.test(message.reason);
    const closed = once(socket, 'close');
    for (let message = 0; message < 4000; message++) socket.send('{"type":"setRest"}');
    expect(await wait(isFlood as typeof isRefused)).toBeDefined();
    expect((await closed)[0]).toBe(1008);
    expect(session.messages.length).toBeLessThan(800);
  });

  it('drops and counts telemetry for a stalled panel without affecting others', async () => {
    const [stalled, healthy] = [await openPanel(), await openPanel()];
    await stalled.wait(isState);
    stalled.socket.pause();
    const bytes = 100_000;
    for (let frame = 0; frame < 400; frame++) {
      session.telemetry$.next(new Uint8Array(bytes));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await expect.poll(() => healthy.frames()).toBe(400);
    const memoryBefore = process.memoryUsage().arrayBuffers;
    for (let frame = 0; frame < 400; frame++) session.telemetry$.next(new Uint8Array(bytes));
    expect(process.memoryUsage().arrayBuffers - memoryBefore).toBeLessThan(400 * bytes + 4e6);
    stalled.socket.resume();
    await expect.poll(() => stalled.frames(), { timeout: 5000 }).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 700));
    session.status$.next(simulatedStatus(9));
    let dropped = 0;
    for (let trial = 0; trial < 10 && dropped === 0; trial++)
      dropped = (await stalled.wait(isStatus)).status.counters.telemetryDropped;
    expect(dropped).toBeGreaterThan(300);
    expect(stalled.frames()).toBeLessThan(500);
  });
});

describe('files', () => {
  it('exports and imports presets', async () => {
    expect((await fetch(at('/presets/synthetic-male'))).status).toBe(401);
    const text = await (await fetch(at('/presets/synthetic-male'), { headers: bearer() })).text();
    expect(JSON.parse(text).name).toBe('synthetic-male');
    const post = (path: string, body: string) => fetch(at(path), { method: 'POST', headers: bearer(), body });
    const exists = 'a preset called "synthetic-male" exists';
    expect(await (await post('/presets', text)).json()).toEqual({
      reason: exists,
      error: { kind: 'name-taken', message: exists, remedy: null },
    });
    expect(await (await post('/presets?replace=yes', text)).json()).toEqual({ name: 'synthetic-male' });
    const broken = await post('/presets', text.replace(/"weights": ".{9}/, '"weights": "AAAAAAAAA'));
    expect(broken.status).toBe(400);
    expect((await post('/presets', 'x'.repeat(1_100_000))).status).toBe(413);
  });

  it.each([
    '/presets/..%2f..%2fpackage.json',
    '/presets/%00',
    '/presets/%ff',
    '/../package.json',
    '/%2e%2e/package.json',
    '//evil',
  ])('reaches no file through %s', async (path) => {
    const status = await statusWithHeaders(path, { Host: address.host, ...bearer() });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  it('streams recordings to the enrolment', async () => {
    const upload = (body: Uint8Array) =>
      fetch(at('/enrolment/files'), {
        method: 'POST',
        headers: { ...bearer(), 'X-File-Name': encodeURIComponent('../../evil/Änn.wav') },
        body: Buffer.from(body),
      });
    expect((await upload(new Uint8Array(3_000_000))).status).toBe(400);
    session.enrol({ name: 'ann' });
    expect((await upload(new Uint8Array(3_000_000))).status).toBe(200);
    expect(session.files).toEqual([{ name: 'Änn.wav', bytes: 3_000_000 }]);
    expect(await (await upload(new Uint8Array(3))).json()).toMatchObject({
      reason: 'Änn.wav: is not a supported audio file',
    });
  });

  it('ends an upload at the limit without buffering it, and survives one that is cut off', async () => {
    session.enrol({ name: 'ann' });
    const chunk = new Uint8Array(1_000_000);
    const memoryBefore = process.memoryUsage().rss;
    let highest = 0;
    const send = (chunks: number, isCutOff: boolean) =>
      new Promise<number>((resolve) => {
        const headers = { ...bearer(), Host: address.host };
        const request = httpRequest(at('/enrolment/files'), { method: 'POST', headers }, (response) => {
          response.resume();
          resolve(response.statusCode!);
        });
        request.on('error', () => resolve(0));
        let sent = 0;
        const next = () => {
          highest = Math.max(highest, process.memoryUsage().rss);
          if (sent++ < chunks) request.write(chunk, next);
          else if (isCutOff) request.destroy();
          else request.end();
        };
        next();
      });
    expect([413, 0]).toContain(await send(270, false));
    expect(session.files).toEqual([]);
    expect(highest - memoryBefore).toBeLessThan(150e6);
    await send(5, true);
    expect(session.files).toEqual([]);
    expect(await send(2, false)).toBe(200);
  });

  it('refuses an upload by its Content-Length before reading it', async () => {
    session.enrol({ name: 'ann' });
    const headers = { ...bearer(), Host: address.host, 'Content-Length': '300000000' };
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(at('/enrolment/files'), { method: 'POST', headers }, (response) => {
        resolve(response.statusCode);
        request.destroy();
      });
      request.on('error', reject);
      request.write(new Uint8Array(1000));
    });
    expect(status).toBe(413);
  });
});
