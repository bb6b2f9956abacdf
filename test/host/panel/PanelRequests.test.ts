import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestPanel } from './TestPanel.ts';

const host = new TestPanel();
beforeEach(() => host.start());
afterEach(() => host.stop());

describe('files', () => {
  it('exports and imports presets', async () => {
    expect((await fetch(host.at('/presets/synthetic-male'))).status).toBe(401);
    const text = await (await fetch(host.at('/presets/synthetic-male'), { headers: host.bearer })).text();
    expect(JSON.parse(text).name).toBe('synthetic-male');
    const post = (path: string, body: string) => fetch(host.at(path), { method: 'POST', headers: host.bearer, body });
    expect(await (await post('/presets', text)).json()).toEqual({ reason: 'a preset called "synthetic-male" exists' });
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
    const status = await host.statusWithHeaders(path, { Host: host.address.host, ...host.bearer });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  it('streams recordings to the enrolment', async () => {
    const upload = (body: Uint8Array) =>
      fetch(host.at('/enrolment/files'), {
        method: 'POST',
        headers: { ...host.bearer, 'X-File-Name': encodeURIComponent('../../evil/Änn.wav') },
        body: Buffer.from(body),
      });
    expect((await upload(new Uint8Array(3_000_000))).status).toBe(400);
    await host.session.control({ type: 'startEnrolment', name: 'ann', source: 'files' });
    expect((await upload(new Uint8Array(3_000_000))).status).toBe(200);
    expect(host.session.files).toEqual([{ name: 'Änn.wav', bytes: 3_000_000 }]);
    expect(await (await upload(new Uint8Array(3))).json()).toEqual({
      reason: 'Änn.wav: is not a supported audio file',
    });
  });

  it('ends an upload at the limit without buffering it, and survives one that is cut off', async () => {
    await host.session.control({ type: 'startEnrolment', name: 'ann', source: 'files' });
    const chunk = new Uint8Array(1_000_000);
    const memoryBefore = process.memoryUsage().rss;
    let highest = 0;
    const send = (chunks: number, isCutOff: boolean) =>
      new Promise<number>((resolve) => {
        const headers = { ...host.bearer, Host: host.address.host };
        const request = httpRequest(host.at('/enrolment/files'), { method: 'POST', headers }, (response) => {
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
    expect(host.session.files).toEqual([]);
    expect(highest - memoryBefore).toBeLessThan(150e6);
    await send(5, true);
    expect(host.session.files).toEqual([]);
    expect(await send(2, false)).toBe(200);
  });

  it('refuses an upload by its Content-Length before reading it', async () => {
    await host.session.control({ type: 'startEnrolment', name: 'ann', source: 'files' });
    const headers = { ...host.bearer, Host: host.address.host, 'Content-Length': '300000000' };
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(host.at('/enrolment/files'), { method: 'POST', headers }, (response) => {
        resolve(response.statusCode);
        request.destroy();
      });
      request.on('error', reject);
      request.write(new Uint8Array(1000));
    });
    expect(status).toBe(413);
  });
});
