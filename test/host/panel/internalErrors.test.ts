import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { AudioError } from '../../../host/audio/backend/AudioError.ts';
import { type Panel, startPanel } from '../../../host/panel/PanelServer.ts';
import { type HostMessage, parseHostMessage } from '../../../host/protocol/hostMessages.ts';
import { SimulatedSession } from '../../ui/SimulatedSession.ts';

let session: SimulatedSession;
let panel: Panel;
let reported: unknown[];
beforeEach(async () => {
  reported = [];
  session = await SimulatedSession.bundled(['synthetic-female', 'synthetic-male']);
  panel = await startPanel(session, { port: 0, onInternalError: (error) => reported.push(error) });
});
afterEach(() => panel.close());

/** Sends one message. @returns the answer */
async function ask(message: Record<string, unknown>): Promise<HostMessage> {
  const { host, searchParams } = new URL(panel.address);
  const socket = new WebSocket(`ws://${host}/live?token=${searchParams.get('token')}`);
  await once(socket, 'open');
  socket.send(JSON.stringify({ ...message, id: 1 }));
  for (;;) {
    const [data, isBinary] = (await once(socket, 'message')) as [unknown, boolean];
    const answer = isBinary ? null : parseHostMessage(String(data));
    if (answer?.type !== 'done' && answer?.type !== 'refused') continue;
    socket.terminate();
    return answer;
  }
}

it('an internal error is reported to the program, and its text is not sent', async () => {
  const fault = new Error('ENOENT: /home/me/secret');
  session.control = () => Promise.reject(fault);
  session.exportPreset = () => Promise.reject(fault);
  const answer = await ask({ type: 'stopRecording' });
  expect(answer).toMatchObject({ type: 'refused', error: { kind: 'internal' } });
  const { origin, searchParams } = new URL(panel.address);
  const headers = { Authorization: `Bearer ${searchParams.get('token')}` };
  const response = await fetch(`${origin}/presets/synthetic-male`, { headers });
  expect(response.status).toBe(500);
  for (const text of [JSON.stringify(answer), await response.text()]) {
    expect(text).toContain('the host failed to carry this out');
    expect(text).not.toContain('secret');
  }
  expect(reported).toEqual([fault, fault]);
});

it('an error of a device keeps its kind and its remedy', async () => {
  session.control = () =>
    Promise.reject(new AudioError('busy', 'another program uses "Mic"', 'close it and try again'));
  expect(await ask({ type: 'refreshDevices' })).toEqual({
    type: 'refused',
    id: 1,
    reason: 'busy: another program uses "Mic"; close it and try again',
    error: { kind: 'busy', message: 'another program uses "Mic"', remedy: 'close it and try again' },
  });
  expect(reported).toEqual([]);
});
