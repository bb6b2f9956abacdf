import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import type { HostMessage } from '../../../host/protocol/hostMessages.ts';
import { simulatedStatus } from '../../ui/simulatedState.ts';
import { type isRefused, isState, isStatus, TestPanel } from './TestPanel.ts';

const host = new TestPanel();
beforeEach(() => host.start());
afterEach(() => host.stop());

describe('a misbehaving panel', () => {
  it('closes a connection that sends binary or oversized messages, and keeps serving others', async () => {
    const binary = await host.open();
    binary.socket.send(new Uint8Array(10));
    expect((await once(binary.socket, 'close'))[0]).toBe(1003);
    const giant = await host.open();
    giant.socket.send('x'.repeat(20_000));
    expect((await once(giant.socket, 'close'))[0]).toBe(1009);
    await (await host.open()).wait(isState);
  });

  it('survives 10,000 random and hostile messages while telemetry continues', { timeout: 60_000 }, async () => {
    const random = new Random(5);
    const healthy = await host.open();
    const ticker = setInterval(() => host.session.telemetry$.next(new Uint8Array(1000)), 5);
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
      const socket = host.connect();
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
    await expect.poll(() => host.session.state.settings.master.wet).toBe(0.5);
    await expect.poll(() => healthy.frames()).toBeGreaterThan(before);
    clearInterval(ticker);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('survives bytes that are not WebSocket frames, before and after the handshake', { timeout: 60_000 }, async () => {
    const random = new Random(9);
    const healthy = await host.open();
    const noise = (bytes: number) => Uint8Array.from({ length: bytes }, () => random.uniform() * 256);
    const handshake = [
      `GET /live?token=${host.token} HTTP/1.1`,
      `Host: ${host.address.host}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      '',
      '',
    ].join('\r\n');
    let shaken = 0;
    for (let trial = 0; trial < 100; trial++) {
      const socket = connectTcp(Number(host.address.port), '127.0.0.1');
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
    await expect.poll(() => host.session.state.settings.master.wet).toBe(0.25);
    expect(host.session.messages).toHaveLength(1);
  });

  it('disconnects a panel that floods it with messages', async () => {
    const { socket, wait } = await host.open();
    const isFlood = (message: HostMessage) => message.type === 'refused' && /too many/.test(message.reason);
    const closed = once(socket, 'close');
    for (let message = 0; message < 4000; message++) socket.send('{"type":"setRest"}');
    expect(await wait(isFlood as typeof isRefused)).toBeDefined();
    expect((await closed)[0]).toBe(1008);
    expect(host.session.messages.length).toBeLessThan(800);
  });

  it('drops and counts telemetry for a stalled panel without affecting others', async () => {
    const [stalled, healthy] = [await host.open(), await host.open()];
    await stalled.wait(isState);
    stalled.socket.pause();
    const bytes = 100_000;
    for (let frame = 0; frame < 400; frame++) {
      host.session.telemetry$.next(new Uint8Array(bytes));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await expect.poll(() => healthy.frames()).toBe(400);
    const memoryBefore = process.memoryUsage().arrayBuffers;
    for (let frame = 0; frame < 400; frame++) host.session.telemetry$.next(new Uint8Array(bytes));
    expect(process.memoryUsage().arrayBuffers - memoryBefore).toBeLessThan(400 * bytes + 4e6);
    stalled.socket.resume();
    await expect.poll(() => stalled.frames(), { timeout: 5000 }).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 700));
    host.session.status$.next(simulatedStatus(9));
    let dropped = 0;
    for (let trial = 0; trial < 10 && dropped === 0; trial++)
      dropped = (await stalled.wait(isStatus)).status.counters.telemetryDropped;
    expect(dropped).toBeGreaterThan(300);
    expect(stalled.frames()).toBeLessThan(500);
  });
});
