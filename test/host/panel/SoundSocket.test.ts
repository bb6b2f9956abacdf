import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestPanel } from './TestPanel.ts';

const host = new TestPanel();
beforeEach(() => host.start());
afterEach(() => host.stop());

const listen = (token = host.token) => host.connect({ path: '/sound', token });

it('sends the mix only while a browser listens', async () => {
  const { mix$ } = host.session;
  expect(mix$.observed).toBe(false);
  const socket = listen();
  const [one, other] = [Uint8Array.of(1, 2, 3), Uint8Array.of(4)];
  const received: unknown[] = [];
  socket.on('message', (data) => received.push(data));
  await once(socket, 'open');
  await expect.poll(() => mix$.observed).toBe(true);
  mix$.next(one);
  mix$.next(other);
  await expect.poll(() => received).toEqual([Buffer.from(one), Buffer.from(other)]);
  socket.close();
  await expect.poll(() => mix$.observed).toBe(false);
});

it('is refused without the token, and closed when the browser sends anything', async () => {
  const [, response] = await once(listen('wrong'), 'unexpected-response');
  expect(response.statusCode).toBe(401);
  const socket = listen();
  await once(socket, 'open');
  socket.send('{"type":"stopRecording"}');
  expect((await once(socket, 'close'))[0]).toBe(1003);
});

it('drops sound for a browser that does not read, and sends no more than a moment of it afterwards', async () => {
  const { mix$ } = host.session;
  const socket = listen();
  await once(socket, 'open');
  await expect.poll(() => mix$.observed).toBe(true);
  socket.pause();
  let bytes = 0;
  socket.on('message', (data: Buffer) => (bytes += data.length));
  const frame = new Uint8Array(2 ** 20);
  for (let n = 0; n < 60; n++) {
    mix$.next(frame);
    await new Promise((resolve) => setImmediate(resolve));
  }
  socket.resume();
  await expect.poll(() => bytes).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  // What the system's buffers hold, and one frame over the limit.
  expect(bytes).toBeLessThan(20 * frame.length);
});

it('serves a limited number of listeners', async () => {
  for (let n = 0; n < 8; n++) await once(listen(), 'open');
  const [, response] = await once(listen(), 'unexpected-response');
  expect(response.statusCode).toBe(503);
});
