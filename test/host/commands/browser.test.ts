import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import openBrowser from 'open';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runProgram } from '../../../host/commands/program.ts';
import { PresetLibrary, presetFolders } from '../../../host/library/PresetLibrary.ts';
import { CapturedTerminal } from '../CapturedTerminal.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

vi.mock('open', () => ({ default: vi.fn(async () => {}) }));
vi.mock('../../../host/session/AudioProcess.ts', async () => {
  const { FakeAudioProcess } = await import('../session/FakeAudioProcess.ts');
  return { AudioProcess: FakeAudioProcess };
});

const folder = temporaryFolder();
beforeEach(async () => {
  vi.stubEnv('UNMINGLE_SETTINGS', join(folder, 'live.json'));
  await mkdir(folder, { recursive: true });
  process.stdout.isTTY = true;
});
afterEach(() => {
  vi.unstubAllEnvs();
  process.stdout.isTTY = false;
});

/** Runs `unmingle live` without devices. @returns the address that it prints */
async function live(...words: string[]): Promise<URL> {
  const terminal = new CapturedTerminal();
  const library = new PresetLibrary({ ...presetFolders(), own: join(folder, 'own') });
  const context = { terminal, library, signal: new AbortController().signal };
  const options = ['--backend', 'file', '--no-adaptation', '--seconds', '0.1', ...words];
  expect([await runProgram(['live', ...options], context), terminal.stderr]).toEqual([0, expect.any(String)]);
  return new URL(/panel: (\S+)/.exec(terminal.stderr)![1]!);
}

it('the browser is started with a code that does not contain the token', async () => {
  const printed = await live('--port', '0');
  const [[started]] = vi.mocked(openBrowser).mock.calls as [[string]];
  const address = new URL(started);
  expect(address.origin).toBe(printed.origin);
  expect(address.searchParams.get('code')).toMatch(/^[\w-]{24,}$/);
  expect(started).not.toContain(printed.searchParams.get('token')!);
});

it('--new-token replaces the token of earlier runs', async () => {
  const token = async (...words: string[]) =>
    (await live('--port', '0', '--no-open', ...words)).searchParams.get('token');
  const [one, other] = [await token('--new-token'), await token('--new-token')];
  expect(one).not.toBe(other);
});
