import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { type Panel, startPanel } from '../../../host/panel/PanelServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { TestPanel } from './TestPanel.ts';

const host = new TestPanel();
beforeEach(() => host.start());
afterEach(() => host.stop());

async function refusedUpgrade(socket: WebSocket): Promise<number> {
  socket.on('error', () => {});
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
  return response.statusCode;
}

describe('access', () => {
  it('listens on loopback without a warning', () => {
    expect(host.address.hostname).toBe('127.0.0.1');
    expect(host.token.length).toBeGreaterThanOrEqual(24);
    expect(host.panel.warning).toBeNull();
  });

  it('returns a warning if other machines can reach it', async () => {
    const open = await startPanel(host.session, { port: 0, host: '0.0.0.0' });
    expect(open.warning).toMatch(/not encrypted; from another machine: http:/);
    const [outside] = /http:\S+/.exec(open.warning!)!;
    expect((await fetch(outside)).status).toBe(200);
    expect((await fetch(outside.replace(/token=.*/, ''))).status).toBe(403);
    await open.close();
  });

  it('serves the page only with the token, under a policy that allows no other source', async () => {
    const page = await fetch(host.panel.address);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'/);
    expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe/);
    expect((await fetch(host.at('/'))).status).toBe(403);
    expect((await fetch(host.at('/?token=wrong'))).status).toBe(403);
  });

  it('exchanges a code for the token, once', async () => {
    const login = new URL(host.panel.loginAddress());
    expect(login.href).not.toContain(host.token);
    const code = login.searchParams.get('code') ?? '';
    expect((await fetch(login)).status).toBe(200);
    const exchange = (body: string, headers: Record<string, string> = {}) =>
      fetch(host.at('/token'), { method: 'POST', body, headers });
    expect((await exchange('x'.repeat(24))).status).toBe(401);
    expect((await exchange('x'.repeat(100))).status).toBe(413);
    expect((await exchange(code, { Origin: 'http://evil.example' })).status).toBe(403);
    const answer = await exchange(code, { Origin: host.address.origin });
    expect(await answer.json()).toEqual({ token: host.token });
    expect((await exchange(code)).status).toBe(401);
    const reopened = await fetch(login);
    expect([reopened.status, await reopened.text()]).toEqual([403, expect.stringMatching(/its code has been used/)]);
  });

  it('limits the rate at which codes can be tried', async () => {
    const statuses = new Set<number>();
    for (let trial = 0; trial < 30; trial++)
      statuses.add((await fetch(host.at('/token'), { method: 'POST', body: `guess ${trial}` })).status);
    expect([...statuses]).toEqual([401, 429]);
  });

  it('refuses panels that have the token of a previous run if it has been replaced', async () => {
    vi.stubEnv('UNMINGLE_SETTINGS', join(temporaryFolder(), 'live.json'));
    await host.panel.close();
    const port = Number(host.address.port);
    const token = (panel: Panel) => new URL(panel.address).searchParams.get('token') ?? '';
    const start = (isTokenNew: boolean) => startPanel(host.session, { port, isTokenNew });
    const first = await start(false);
    await once(host.connect({ token: token(first) }), 'open');
    await first.close();
    const second = await start(false);
    expect(token(second)).toBe(token(first));
    await second.close();
    const third = await start(true);
    expect(await refusedUpgrade(host.connect({ token: token(first) }))).toBe(401);
    await once(host.connect({ token: token(third) }), 'open');
    await third.close();
    vi.unstubAllEnvs();
  });

  it('refuses sockets with a wrong token, origin or host', async () => {
    expect(await refusedUpgrade(host.connect({ token: 'wrong' }))).toBe(401);
    expect(await refusedUpgrade(host.connect({ headers: { Origin: 'http://evil.example' } }))).toBe(403);
    expect(await refusedUpgrade(host.connect({ headers: { Origin: `http://127.0.0.1:1` } }))).toBe(403);
    expect(await refusedUpgrade(host.connect({ headers: { Origin: 'null' } }))).toBe(403);
    expect(await refusedUpgrade(host.connect({ headers: { Host: `evil.example:${host.address.port}` } }))).toBe(403);
    const own = host.connect({ headers: { Origin: host.address.origin } });
    await once(own, 'open');
  });

  it('refuses requests for a foreign host name, even with the token', async () => {
    const path = `/?token=${host.token}`;
    expect(await host.statusWithHeaders(path, { Host: `rebound.example:${host.address.port}` })).toBe(403);
    expect(await host.statusWithHeaders(path, { Host: `localhost:${host.address.port}` })).toBe(200);
    expect(
      await host.statusWithHeaders('/presets/synthetic-male', { ...host.bearer, Origin: 'http://evil.example' }),
    ).toBe(403);
  });

  it('explains that a port is in use', async () => {
    await expect(startPanel(host.session, { port: Number(host.address.port), token: host.token })).rejects.toThrow(
      /another program uses this port/,
    );
  });
});
