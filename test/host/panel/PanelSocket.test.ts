import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HostMessage } from '../../../host/protocol/hostMessages.ts';
import { simulatedStatus } from '../../ui/simulatedState.ts';
import { isRefused, isState, TestPanel } from './TestPanel.ts';

const host = new TestPanel();
beforeEach(() => host.start());
afterEach(() => host.stop());

describe('the conversation', () => {
  it('begins with the state; later states hold the changed fields only', async () => {
    const { send, wait } = await host.open();
    expect((await wait(isState)).state.settings!.speakers).toHaveLength(2);
    send({ type: 'setSpeaker', slot: 1, gainDecibels: -12 });
    const { state } = await wait(isState);
    expect(state.settings!.speakers[1]!.gainDecibels).toBe(-12);
    expect(Object.keys(state)).toEqual(['settings']);
  });

  it('sends the last five minutes to a panel that connects later', async () => {
    await host.open();
    for (let second = 0; second < 700; second++) host.session.status$.next(simulatedStatus(second, second / 1000));
    const { wait } = await host.open();
    const { points } = await wait((message) => message.type === 'past');
    expect(points).toHaveLength(600);
    expect(points.at(-1)).toEqual([0.699, 1.1883, 0.032, 0]);
  });

  it('sends the changes of one panel to the others', async () => {
    const [one, other] = [await host.open(), await host.open()];
    await one.wait(isState);
    await other.wait(isState);
    one.send({ type: 'setMaster', isBypassed: true });
    expect((await other.wait(isState)).state.settings!.master.isBypassed).toBe(true);
  });

  it('carries out one message at a time, so that no change undoes another', async () => {
    const handle = host.session.control.bind(host.session);
    let running = 0;
    let most = 0;
    host.session.control = async (message) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await handle(message);
      running--;
    };
    const [one, other] = [await host.open(), await host.open()];
    for (let level = -10; level < 0; level++) {
      one.send({ type: 'setSpeaker', slot: 0, gainDecibels: level });
      other.send({ type: 'setSpeaker', slot: 1, gainDecibels: level });
    }
    await expect.poll(() => host.session.messages.length).toBe(20);
    expect(host.session.state.settings.speakers.map(({ gainDecibels }) => gainDecibels)).toEqual([-1, -1]);
    expect(most).toBe(1);
  });

  it('a panel that sends more than the host can handle delays only itself', async () => {
    const handle = host.session.control.bind(host.session);
    const slow: (() => void)[] = [];
    host.session.control = async (message) => {
      if (message.type === 'setWindow') await new Promise<void>((resolve) => slow.push(resolve));
      await handle(message);
    };
    const [greedy, modest] = [await host.open(), await host.open()];
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
    await expect.poll(() => host.session.messages.map(({ type }) => type)).toEqual(['setWindow', 'setRest']);
    for (let n = 2; n <= 9; n++) {
      await expect.poll(() => slow.length).toBe(1);
      slow.shift()!();
    }
    await expect.poll(() => host.session.state.settings.rest).toMatchObject({ isMuted: true, isSoloed: true });
    expect(host.session.state.settings.latency).toBe(0.09);
  });

  it('limits the rate of states while a fader is dragged, and always sends its last position', async () => {
    const { socket, wait, send } = await host.open();
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
    await expect.poll(() => host.session.messages.length).toBe(101);
    const last = async (): Promise<number> => {
      const { state } = await wait(isState);
      const { gainDecibels } = state.settings!.speakers[0]!;
      return gainDecibels === 0 ? gainDecibels : last();
    };
    expect(await last()).toBe(0);
    expect(states).toBeLessThan(3 + (performance.now() - start) / 45);
  });

  it('answers a refused message with the reason', async () => {
    const { send, wait } = await host.open();
    send({ type: 'setSpeaker', slot: 0, gainDecibels: 99 });
    expect((await wait(isRefused)).reason).toMatch(/gainDecibels: must be at most 12/);
    send({ type: 'loadPreset', slot: 0, preset: 'nobody' });
    expect((await wait(isRefused)).reason).toMatch(/nobody/);
  });

  it('answers messages that have an id, with that id, and no others', async () => {
    const { send, wait } = await host.open();
    const isAnswer = (message: HostMessage) => message.type === 'done' || message.type === 'refused';
    send({ type: 'setMaster', wet: 0.5 });
    send({ type: 'setMaster', wet: 0.25, id: 'quarter' });
    expect(await wait(isAnswer)).toEqual({ type: 'done', id: 'quarter' });
    send({ type: 'setMaster', wet: 9, id: 7 });
    expect(await wait(isAnswer)).toEqual({ type: 'refused', reason: 'wet: must be at most 1', id: 7 });
    for (const id of [null, {}, 1.5, 'x'.repeat(65), true]) {
      send({ type: 'setMaster', wet: 1, id });
      const answer = await wait(isRefused);
      expect(answer).toEqual({ type: 'refused', reason: expect.stringMatching(/^id: must be a whole number/) });
    }
    expect(host.session.messages).toEqual([
      { type: 'setMaster', wet: 0.5 },
      { type: 'setMaster', wet: 0.25 },
    ]);
  });

  it('lets a panel choose listed devices only, never a path', async () => {
    const { send, wait } = await host.open();
    await wait(isState);
    send({ type: 'setDevices', backend: 'file', input: '/etc/passwd' });
    expect((await wait(isRefused)).reason).toMatch(/input: must be one of/);
    send({ type: 'setDevices', backend: 'shell' });
    expect((await wait(isRefused)).reason).toMatch(/backend must be one of .*, got "shell"/);
    send({ type: 'setDevices', input: 'headset', output: 'none' });
    expect((await wait(isState)).state.settings!.input).toBe('headset');
    expect(host.session.messages).toHaveLength(1);
  });
});
