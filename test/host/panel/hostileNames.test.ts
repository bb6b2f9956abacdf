import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { InputError } from '../../../engine/core/errors.ts';
import { Random } from '../../../engine/core/Random.ts';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { PresetLibrary } from '../../../host/library/PresetLibrary.ts';
import { type Panel, startPanel } from '../../../host/panel/PanelServer.ts';
import { checkControlMessage } from '../../../host/protocol/controlMessages.ts';
import { type HostMessage, parseHostMessage } from '../../../host/protocol/hostMessages.ts';
import { LiveSession } from '../../../host/session/LiveSession.ts';
import { defaultSettings, speakerStrips } from '../../../host/session/liveSettings.ts';
import { SessionStore } from '../../../host/session/SessionStore.ts';
import { randomPreset } from '../../engine/syntheticVoice.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

/** Paths given to any function of the file system. */
const { touched, recording } = vi.hoisted(() => {
  const touched = new Set<string>();
  const isPath = (value: unknown): value is string => typeof value === 'string';
  const recording = (module: object) =>
    Object.fromEntries(
      Object.entries(module).map(([name, value]) => {
        if (typeof value !== 'function' || /^[A-Z]/.test(name)) return [name, value];
        const watched = (...values: unknown[]) => {
          // rename and copyFile have two paths; the second parameter of all others is content, an encoding or a mode.
          const paths = /^(?:rename|copyFile|link|symlink|cp)/.test(name) ? values.slice(0, 2) : values.slice(0, 1);
          for (const path of paths) if (isPath(path)) touched.add(path);
          return value(...values);
        };
        return [name, watched];
      }),
    );
  return { touched, recording };
});
vi.mock('node:fs/promises', async (importOriginal) => recording(await importOriginal<object>()));
vi.mock('node:fs', async (importOriginal) => recording(await importOriginal<object>()));
vi.mock('../../../host/session/AudioProcess.ts', async () => {
  const { FakeAudioProcess } = await import('../session/FakeAudioProcess.ts');
  return { AudioProcess: FakeAudioProcess };
});

const MESSAGES = 10_000;
const SOCKETS = 25;
const CANARY = 'CANARY';

const root = temporaryFolder();
const own = join(root, 'data', 'own');
const work = join(root, 'work');
/** Files that no name may reach: in the working directory, around the library, and hidden in it. */
const CANARIES = [
  join(work, 'config.json'),
  join(work, 'ann.json'),
  join(work, 'secret'),
  join(work, 'secret.unmingle.json'),
  join(root, 'secret.unmingle.json'),
  join(root, 'data', 'secret.unmingle.json'),
  join(root, 'data', 'own.unmingle.json'),
  join(own, 'deep', 'secret.unmingle.json'),
  join(own, '.hidden.unmingle.json'),
];
const ALLOWED = [own, join(root, 'bundled'), join(root, 'settings'), join(root, 'takes')];
const home = process.cwd();
const random = new Random(17);
const internalErrors: unknown[] = [];
let session: LiveSession;
let panel: Panel;

beforeAll(async () => {
  for (const folder of [join(own, 'deep'), join(root, 'bundled'), join(root, 'settings'), work])
    mkdirSync(folder, { recursive: true });
  for (const path of CANARIES) writeFileSync(path, JSON.stringify({ format: CANARY }));
  writeFileSync(join(work, 'stranger'), serializePreset(randomPreset(CANARY, 4, 9)));
  for (const name of ['ann', 'bob', 'carl'])
    writeFileSync(join(own, `${name}.unmingle.json`), serializePreset(randomPreset(name, 4, name.length)));
  process.chdir(work);
  session = await LiveSession.start({
    library: new PresetLibrary({ bundled: join(root, 'bundled'), own }),
    store: await SessionStore.read(join(root, 'settings', 'live.json')),
    settings: defaultSettings({ speakers: speakerStrips(['ann']) }),
    isLastUsedLoaded: false,
    isAdapting: true,
    recordingFolder: join(root, 'takes'),
    onNotice: () => {},
  });
  panel = await startPanel(session, { port: 0, onInternalError: (error) => internalErrors.push(error) });
});

afterAll(async () => {
  await panel.close();
  await session.close();
  process.chdir(home);
});

const pick = <T>(values: readonly T[]): T => values[Math.floor(random.uniform() * values.length)]!;
const PIECES = [
  ...['..', '/', '\\', '.', ':', '~', '%2e%2e%2f', '\u0000', '\n', '\u202e', ' ', '$(id)', '`id`', '*', '%00'],
  ...['ann', 'secret', 'stranger', 'config.json', 'unmingle.json', 'own', 'CON', 'nul', 'COM1', 'lpt¹', '.hidden'],
  ...[work, root, own, '/etc/passwd', 'C:', 'file://', '__proto__', 'x'.repeat(70), '李', 'é', '7', '-', '_'],
];
/** Whole names, most of them valid. */
const NAMES = [
  ...['ann', 'bob', 'carl', 'dora', 'eve 2', 'stranger', 'secret', 'config.json', 'ann.json', 'ann.unmingle.json'],
  ...['constructor', 'toString', 'secret.unmingle.json', 'own.unmingle.json', 'deep', 'deep.secret', 'Interview'],
];
const NO_NAMES: readonly unknown[] = [
  null,
  7,
  true,
  {},
  [],
  ['ann'],
  { toString: 'ann' },
  '',
  ' ',
  'ann.',
  'con.x',
  '..',
  'a/b',
  '.hidden',
];

const text = () => {
  const value = name();
  return typeof value === 'string' ? value : JSON.stringify(value);
};

function name(): unknown {
  const kind = random.uniform();
  if (kind < 0.45) return pick(NAMES);
  if (kind < 0.6) return pick(NO_NAMES);
  return Array.from({ length: 1 + Math.floor(random.uniform() * 4) }, () => pick(PIECES)).join('');
}

const slot = () => (random.uniform() < 0.9 ? Math.floor(random.uniform() * 4) : pick([-1, 8, 0.5, '0', null, 1e99]));
const MAKERS: readonly (() => Record<string, unknown>)[] = [
  () => ({ type: 'loadPreset', slot: slot(), preset: name() }),
  () => ({ type: 'loadPreset', slot: slot(), preset: name() }),
  () => ({ type: 'loadPreset', slot: slot(), voice: name(), preset: name() }),
  () => ({ type: 'unloadPreset', slot: slot() }),
  () => ({ type: 'unloadPreset', voice: random.uniform() < 0.5 ? name() : Math.floor(random.uniform() * 9) }),
  () => ({ type: 'renamePreset', preset: name(), name: name() }),
  () => ({ type: 'deletePreset', preset: name() }),
  () => ({ type: 'restorePreset', preset: name() }),
  () => ({ type: 'saveSnapshot', name: name() }),
  () => ({ type: 'recallSnapshot', name: name() }),
  () => ({ type: 'deleteSnapshot', name: name() }),
  () => ({ type: 'startEnrolment', name: name(), source: pick(['files', 'microphone', '/etc/passwd', null]) }),
  () => ({ type: pick(['cancelEnrolment', 'trainEnrolment', 'startRecording', 'stopRecording', name()]) }),
  () => ({ type: 'setDevices', [pick(['backend', 'input', 'output', 'send'])]: name() }),
  () => ({ type: 'setSpeaker', slot: slot(), voice: name() }),
  () => ({ type: 'setSpeaker', slot: slot(), colour: name(), path: name() }),
];

/** The field that the check of a message refuses; null if it accepts the message. */
function refusedField(message: unknown): string | null {
  try {
    checkControlMessage(message);
    return null;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return /^([\w.]+): ./.exec(error.message)?.[1] ?? error.message;
  }
}

interface Client {
  /** Resolves with the answer to the message. */
  ask(message: Readonly<Record<string, unknown>>, id: number): Promise<HostMessage>;
  readonly texts: string[];
  close(): void;
}

async function openClient(): Promise<Client> {
  const { host, searchParams } = new URL(panel.address);
  const socket = new WebSocket(`ws://${host}/live?token=${searchParams.get('token')}`);
  const texts: string[] = [];
  const waiting = new Map<unknown, (message: HostMessage) => void>();
  socket.on('message', (data, isBinary) => {
    if (isBinary) return;
    texts.push(String(data));
    // Also proves that the host sends nothing that its own schema refuses.
    const message = parseHostMessage(String(data));
    if (message.type === 'done' || message.type === 'refused') waiting.get(message.id)?.(message);
  });
  await once(socket, 'open');
  return {
    texts,
    ask: (message, id) =>
      new Promise((answered) => {
        waiting.set(id, answered);
        socket.send(JSON.stringify({ ...message, id }));
      }),
    close: () => socket.terminate(),
  };
}

/** Sends a request whose path is not normalised, as `fetch` would do. */
function httpText(path: string, headers: Record<string, string>, body?: string): Promise<string> {
  const { hostname, port, searchParams } = new URL(panel.address);
  const authorization = { Authorization: `Bearer ${searchParams.get('token')}` };
  return new Promise((answered, failed) => {
    const request = httpRequest(
      { hostname, port, path, method: body === undefined ? 'GET' : 'POST', headers: { ...authorization, ...headers } },
      async (response) => {
        let text = `${response.statusCode} `;
        for await (const chunk of response) text += String(chunk);
        answered(text);
      },
    );
    request.on('error', failed);
    request.end(body);
  });
}

function contents(): string[] {
  return [...CANARIES, join(work, 'stranger')].map((path) => readFileSync(path, 'utf8'));
}

function unexpectedPaths(): string[] {
  // Those of killed runs are removed, also of other programs than a session.
  const temporary = new RegExp(`^${join(tmpdir(), 'unmingle-[a-z]+-\\d+-\\w*')}(/|$)`);
  return [...touched].filter((path) => {
    const absolute = resolve(path);
    const isAllowed = ALLOWED.some((folder) => absolute === folder || absolute.startsWith(`${folder}/`));
    const isTemporary = absolute === tmpdir() || temporary.test(absolute);
    return (!isAllowed && !isTemporary) || CANARIES.includes(absolute);
  });
}

it(`${MESSAGES} hostile messages reach no file outside the library, and are refused with the field`, {
  timeout: 300_000,
}, async () => {
  const before = contents();
  const listing = [readdirSync(work), readdirSync(root).sort(), readdirSync(join(root, 'data'))];
  touched.clear();
  const clients = await Promise.all(Array.from({ length: SOCKETS }, openClient));
  const counts = { done: 0, invalid: 0, impossible: 0 };
  await Promise.all(
    clients.map(async (client) => {
      for (let id = 0; id < MESSAGES / SOCKETS; id++) {
        const message = pick(MAKERS)();
        const field = refusedField(message);
        const answer = await client.ask(message, id);
        if (field === null) counts[answer.type === 'done' ? 'done' : 'impossible']++;
        else {
          counts.invalid++;
          expect(answer, JSON.stringify(message)).toMatchObject({
            type: 'refused',
            reason: expect.stringMatching(new RegExp(`^${field.replaceAll('.', '\\.')}: `)),
            error: { kind: 'input' },
          });
        }
      }
    }),
  );
  // Each kind of outcome is frequent, so that the names did reach the library.
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(MESSAGES / 20);
  const answers = clients.flatMap(({ texts }) => texts);
  for (const client of clients) client.close();

  expect(answers.filter((answer) => answer.includes(CANARY))).toEqual([]);
  // The recorder works: the library and the settings have been used.
  expect(touched).toContain(join(own, 'ann.unmingle.json'));
  expect(touched).toContain(join(root, 'settings', 'live.json'));
  expect(unexpectedPaths()).toEqual([]);
  expect(contents()).toEqual(before);
  expect([readdirSync(work), readdirSync(root).sort(), readdirSync(join(root, 'data'))]).toEqual(listing);
  expect(internalErrors).toEqual([]);
  expect(session.current.phase).toBe('running');
});

it('hostile names in HTTP requests reach no file outside the library', async () => {
  const before = contents();
  touched.clear();
  const texts: string[] = [];
  const preset = serializePreset(randomPreset('zoe', 4, 3));
  for (let trial = 0; trial < 40; trial++) {
    const wanted = text();
    const isRaw = /^[!-~]+$/.test(wanted) && trial % 2 === 0;
    texts.push(await httpText(`/presets/${isRaw ? wanted : encodeURIComponent(wanted)}`, {}));
    texts.push(await httpText('/presets', {}, preset.replace('"zoe"', JSON.stringify(text()))));
    const header = { 'X-File-Name': encodeURIComponent(text()) };
    if (trial % 8 === 0) texts.push(await httpText('/enrolment/files', header, 'no sound'));
  }
  expect(texts.filter((each) => each.includes(CANARY))).toEqual([]);
  expect(texts.filter((each) => each.startsWith('5'))).toEqual([]);
  expect(texts.filter((each) => each.startsWith('400')).length).toBeGreaterThan(20);
  expect(unexpectedPaths()).toEqual([]);
  expect(contents()).toEqual(before);
  expect(internalErrors).toEqual([]);
});
