import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { SPECTRUM_BANDS } from '../../../engine/realtime/telemetryFrame.ts';
import { packageRoot } from '../../../host/files/packageRoot.ts';
import { type Panel, startPanel } from '../../../host/panel/PanelServer.ts';
import { RemoteControl } from '../../../host/panel/RemoteControl.ts';
import { publishAddress, runningAddress, socketAddress } from '../../../host/panel/remoteAddress.ts';
import { encodeTelemetryFrame } from '../../engine/realtime/encodeTelemetryFrame.ts';
import { SimulatedSession } from '../../ui/SimulatedSession.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const environment = { ...process.env, UNMINGLE_SETTINGS: join(folder, 'live.json') };
const path = join(folder, 'panel-address');
const page = await readFile(join(packageRoot(), 'host', 'protocol', 'README.md'), 'utf8');
/** Commands that are run exactly as the page prints them. */
const examples = [...page.matchAll(/```sh\n(.*?)\n```/gs)].map(([, command]) => command!);

let session: SimulatedSession;
let panel: Panel;
let withdrawAddress: () => Promise<void>;

beforeEach(async () => {
  session = await SimulatedSession.bundled(['synthetic-female', 'synthetic-male']);
  panel = await startPanel(session, { port: 0 });
  withdrawAddress = await publishAddress(panel.address, path);
});
afterEach(async () => {
  await withdrawAddress();
  await panel.close();
});

/** The program without npx, which takes longer to start than the program itself. */
const UNMINGLE = 'node dist/host/cli.js';

/** Runs a command in a shell, in the root of the project. */
function shell(command: string): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile('sh', ['-c', command], { cwd: packageRoot(), env: environment }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

const levels = () => session.state.settings.speakers.map(({ gainDecibels }) => gainDecibels);

describe('a shell', () => {
  it('sends messages in order', async () => {
    expect(await shell(examples[0]!)).toMatchObject({ code: 0, stdout: '' });
    expect(levels()).toEqual([-12, 0]);
    expect(session.state.recording).not.toBeNull();
  });

  it('prints the state and the address', async () => {
    const state = await shell(`${UNMINGLE} control`);
    expect(JSON.parse(state.stdout)).toEqual(session.state);
    const address = await shell(`${UNMINGLE} control --print-address`);
    expect(address.stdout).toBe(`${socketAddress(panel.address)}\n`);
  });

  it('reads the address from standard input, and warns of one among the arguments', async () => {
    const message = `'{"type":"setRest","isMuted":true}'`;
    const piped = await shell(`${UNMINGLE} control --print-address | ${UNMINGLE} control --address - ${message}`);
    expect(piped).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(session.state.settings.rest.isMuted).toBe(true);
    const argued = await shell(`${UNMINGLE} control --address '${panel.address}' --print-address`);
    expect(argued.stderr).toBe(
      'every user of this machine can read the token of --address in the process list; use --address -\n',
    );
  });

  it('prints a refusal in one line, and sends nothing if one of the messages is invalid', async () => {
    const refused = await shell(`${UNMINGLE} control '{"type":"loadPreset","slot":0,"preset":"nobody"}'`);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/error: no preset is called "nobody".*\n$/);
    const mistaken = await shell(`${UNMINGLE} control '{"type":"startRecording"}' '{"type":"setMaster","wet":2}'`);
    expect(mistaken.code).toBe(1);
    expect(mistaken.stderr).toMatch(/error: \{"type":"setMaster","wet":2\}: wet: must be at most 1\n$/);
    expect(session.messages).toEqual([]);
  });
});

describe('a script', () => {
  const speakers = (levelDecibels: number) =>
    [levelDecibels, -100].map((rmsDecibels) => ({
      rmsDecibels,
      peakDecibels: rmsDecibels,
      activity: 0,
      spectrum: new Uint8Array(SPECTRUM_BANDS),
      activations: new Uint8Array(64),
    }));
  const silence = { peakDecibels: -100, rmsDecibels: -100 };
  /** Sends a telemetry frame in which the first voice has this RMS level. */
  const sendLevel = (levelDecibels: number) =>
    session.telemetry$.next(
      encodeTelemetryFrame({
        seconds: 1,
        sampleRateHertz: 16_000,
        input: silence,
        output: silence,
        rest: silence,
        spectrum: new Uint8Array(SPECTRUM_BANDS),
        restSpectrum: new Uint8Array(SPECTRUM_BANDS),
        speakers: speakers(levelDecibels),
      }),
    );
  let script: ChildProcess | null = null;
  afterEach(() => script?.kill('SIGKILL'));

  it('lowers the other voices while one speaks, and restores the faders when it ends', {
    timeout: 30_000,
  }, async () => {
    const [print, example] = examples[1]!.split(' | ');
    expect(print).toBe('npx unmingle control --print-address');
    const words = example!.split(' ');
    expect(words[0]).toBe('node');
    session.change({
      settings: {
        ...session.state.settings,
        speakers: session.state.settings.speakers.map((strip, slot) =>
          slot === 1 ? { ...strip, gainDecibels: 3 } : strip,
        ),
      },
    });
    const started = spawn(process.execPath, words.slice(1), {
      cwd: packageRoot(),
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    script = started;
    started.stdin.end(`${await runningAddress(path)}\n`);
    const speaking = setInterval(() => sendLevel(-20), 20);
    await expect.poll(levels, { timeout: 10_000 }).toEqual([0, -9]);
    clearInterval(speaking);
    // Every user of the machine can read this.
    const argumentsFile = `/proc/${started.pid}/cmdline`;
    if (existsSync(argumentsFile)) {
      const token = new URL(panel.address).searchParams.get('token')!;
      expect(readFileSync(argumentsFile, 'utf8')).not.toContain(token);
    }
    const resting = setInterval(() => sendLevel(-90), 20);
    await expect.poll(levels, { timeout: 5000 }).toEqual([0, 3]);
    clearInterval(resting);
    sendLevel(-20);
    await expect.poll(levels, { timeout: 5000 }).toEqual([0, -9]);
    started.kill('SIGINT');
    expect((await once(started, 'exit'))[0]).toBe(0);
    await expect.poll(levels).toEqual([0, 3]);
  });
});

describe('the address of a session', () => {
  it('is readable by its user only, and is removed by its own session only', async () => {
    expect((await stat(path)).mode & 0o077).toBe(0);
    const other = await publishAddress('http://127.0.0.1:7701/?token=other', path);
    await withdrawAddress();
    expect(await runningAddress(path)).toBe('ws://127.0.0.1:7701/live?token=other');
    await other();
    await expect(runningAddress(path)).rejects.toThrow(/no session of this user is running/);
  });

  it('is reported if outdated, malformed or refused', async () => {
    const address = await runningAddress(path);
    await expect(RemoteControl.connect(address.replace(/token=.*/, 'token=wrong'))).rejects.toThrow(
      /refused the token/,
    );
    await panel.close();
    await expect(RemoteControl.connect(address)).rejects.toThrow(/no session answers at 127\.0\.0\.1:\d+/);
    for (const text of ['', 'ann', 'http://127.0.0.1:7700/', 'https://127.0.0.1/?token=x'])
      expect(() => socketAddress(text)).toThrow(/the address must have the form/);
    expect(() => socketAddress('ftp://x/?token=secret')).toThrow(/got "ftp:\/\/x\/\?token=\.\.\."$/);
  });

  it('is reported if another program answers', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (socket) => socket.send('hello'));
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const remote = await RemoteControl.connect(`ws://127.0.0.1:${port}/live?token=x`);
    await expect(remote.state()).rejects.toThrow(/not a session of unmingle/);
    server.close();
  });

  it('is reported if the session ends before it answers', async () => {
    const remote = await RemoteControl.connect(await runningAddress(path));
    session.control = () => new Promise(() => {});
    const asked = remote.send({ type: 'stopRecording' });
    await panel.close();
    await expect(asked).rejects.toThrow(/ended before it answered/);
  });
});
