import { mkdirSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TakeTimeline } from '../../../host/audioProcess/TakeTimeline.ts';
import { checkHttpAnswer } from '../../../host/protocol/httpAnswers.ts';
import { serializeTakeFile, TAKE_FILE_NAME } from '../../../host/protocol/takeFile.ts';
import { TestPanel } from './TestPanel.ts';

const host = new TestPanel();
beforeEach(() => host.start());
afterEach(() => host.stop());

/** Writes a take called Interview whose mix is `text`. */
async function writeTake(text: string): Promise<void> {
  const { takesFolder, takes } = host.session;
  const files = { mixture: 'mixture.wav', rest: 'rest.wav', mix: 'mix.wav' };
  const folder = join(takesFolder, 'Interview');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'mix.wav'), text);
  writeFileSync(join(folder, TAKE_FILE_NAME), serializeTakeFile(new TakeTimeline(16_000, new Date(), files).file));
  await takes.refresh(null);
}

describe('files', () => {
  it('sends the listed files of takes only', async () => {
    await writeTake('sound');
    const get = (path: string) => fetch(host.at(path), { headers: host.bearer });
    const sent = await get('/takes/Interview/mix.wav');
    expect([sent.status, sent.headers.get('content-type'), await sent.text()]).toEqual([200, 'audio/wav', 'sound']);
    expect((await fetch(host.at('/takes/Interview/mix.wav'))).status).toBe(401);
    for (const path of ['Interview/rest.wav', 'Interview/take.json', '..%2fInterview/mix.wav', 'Interview', '%00/%00'])
      expect([path, (await get(`/takes/${path}`)).status]).toEqual([path, 404]);
  });

  it('gives a login code to whoever has the token', async () => {
    expect((await fetch(host.at('/code'), { method: 'POST' })).status).toBe(401);
    const answer = await fetch(host.at('/code'), { method: 'POST', headers: host.bearer });
    const { code } = checkHttpAnswer('code', await answer.json());
    const token = await fetch(host.at('/token'), { method: 'POST', body: code });
    expect(await token.json()).toEqual({ token: host.token });
  });

  it('exports and imports presets', async () => {
    expect((await fetch(host.at('/presets/synthetic-male'))).status).toBe(401);
    const text = await (await fetch(host.at('/presets/synthetic-male'), { headers: host.bearer })).text();
    expect(JSON.parse(text).name).toBe('synthetic-male');
    const post = (path: string, body: string) => fetch(host.at(path), { method: 'POST', headers: host.bearer, body });
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
    expect(await (await upload(new Uint8Array(3))).json()).toMatchObject({
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
