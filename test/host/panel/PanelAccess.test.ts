import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { startPanel } from '../../../host/panel/PanelServer.ts';
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
