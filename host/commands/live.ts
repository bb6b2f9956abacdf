import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import openBrowser from 'open';
import { InputError } from '../../engine/core/errors.ts';
import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import type { Seconds } from '../../engine/core/units.ts';
import { DEFAULT_WINDOW_SECONDS, type LatencyMode } from '../../engine/stft/StftPlan.ts';
import { BACKEND_NAMES, type BackendName } from '../audio/backend/AudioBackend.ts';
import { AudioError } from '../audio/backend/AudioError.ts';
import { packageRoot } from '../files/packageRoot.ts';
import { AdaptationLibrary } from '../library/AdaptationLibrary.ts';
import { withBackground } from '../library/Background.ts';
import { type Panel, startPanel } from '../panel/PanelServer.ts';
import { publishAddress } from '../panel/remoteAddress.ts';
import type { LiveSettings } from '../protocol/LiveState.ts';
import { FILE_OUTPUTS } from '../session/deviceSettings.ts';
import { LiveSession } from '../session/LiveSession.ts';
import { defaultSettings, speakerStrips } from '../session/liveSettings.ts';
import { SessionStore } from '../session/SessionStore.ts';
import type { CommandContext } from './CommandContext.ts';
import { latencyText, liveSummary, statusLine } from './liveText.ts';
import {
  choiceOption,
  collect,
  commaSeparated,
  integerOption,
  latencyOption,
  numberOption,
  requireWindow,
} from './optionValues.ts';
import { type AdaptationChoice, addAdaptationOption, isAdaptationWanted } from './renamedOptions.ts';

/** The voices of presets/demo/mixture.flac. */
const DEMO_SPEAKERS: readonly string[] = ['synthetic-female', 'synthetic-male'];
const SELECTABLE_BACKENDS = BACKEND_NAMES.filter((name) => name !== 'null');

/** After so many, twice a second, queues are what they will be. */
const SETTLED_STATUSES = 4;

interface LiveOptions extends AdaptationChoice {
  readonly speakers?: readonly string[];
  readonly input?: string;
  readonly channel?: number;
  readonly output?: string;
  readonly send?: string;
  readonly sendSpeakers?: readonly string[];
  readonly backend?: BackendName;
  readonly rate?: number;
  readonly latency: LatencyMode | Seconds;
  readonly window?: number;
  readonly record?: string;
  readonly seconds?: number;
  readonly orDemo?: boolean;
  readonly port: number;
  readonly host?: string;
  readonly rest?: boolean;
  readonly panel: boolean;
  readonly open: boolean;
  readonly json?: boolean;
}

export function liveCommand(context: CommandContext): Command {
  const command = new Command('live')
    .summary('separate what the microphone hears, now')
    .description(
      `Separates the microphone's sound while it comes in, and plays the mix that you set in the panel, a page on this machine.

Without --speakers the ones last used with this microphone are loaded. Ctrl-C stops and completes recordings; a second one stops at once. \`unmingle control\` steers it from elsewhere.`,
    )
    .option('-s, --speakers <A,B,...>', `up to ${MAXIMUM_SPEAKERS} presets by name, or paths of preset files`, collect)
    .option('-i, --input <device>', 'index, id or part of the name (unmingle devices); with --backend file a file')
    .option(
      '--channel <number>',
      'one channel of the input, from 1 (default: the mean of two)',
      integerOption('--channel', 1, 64),
    )
    .option('-o, --output <device>', 'the same, or none; with --backend file a new WAV file')
    .option('--send <device>', 'a second output, such as the virtual microphone of a call program')
    .option('--send-speakers <A,B,...>', 'voices that go there, of the loaded ones (default: what is heard)', collect)
    .option(
      '--backend <name>',
      `${SELECTABLE_BACKENDS.join(', ')} (default: the first that opens a device)`,
      choiceOption('--backend', SELECTABLE_BACKENDS),
    )
    .option('--rate <hertz>', "sample rate (default: the device's own)", integerOption('--rate', 4000, 384_000))
    .option(
      '--latency <mode|ms>',
      'ear (8 ms), monitor (16), call (32), studio (64), or milliseconds; buffers and devices come on top',
      latencyOption,
      'monitor',
    )
    .option(
      '--window <ms>',
      `analysis window (default: ${DEFAULT_WINDOW_SECONDS * 1000}, or the latency where that is longer)`,
      numberOption('--window', 2, 1000),
    )
    .option('--record <dir>', 'record mixture, voices, rest and mix from the start into a folder of DIR')
    .option('--seconds <seconds>', 'stop by itself after so long', numberOption('--seconds', 0.1, 1e7))
    .option('--or-demo', 'where there is no microphone, loop the bundled mixture of two voices')
    .option('--port <number>', "the panel's port on this machine, 0: any", integerOption('--port', 0, 65_535), 7700)
    .option('--host <address>', 'where the panel listens; others than this machine can then steer it')
    .option(
      '--rest',
      'one known voice against anything: loads the bundled background voices beside it, on a fader of their own',
    )
    .option('--no-panel', 'run without the panel')
    .option('--no-open', "print the panel's address instead of opening it")
    .option('--json', 'print figures twice a second, each a line of JSON, and nothing else, to stdout')
    .addHelpText(
      'after',
      `
Examples:
  unmingle live --speakers ann,bob
  unmingle live -s ann,bob --input headset --output headset --send "BlackHole" --send-speakers ann --latency call
  unmingle live -s ann --rest                       ann against anything else
  unmingle live --backend file                      the bundled mixture, looping
  unmingle live --backend file --input meeting.flac -s ann,bob --no-panel --record takes --seconds 60`,
    )
    .action((options: LiveOptions) => live(context, options));
  return addAdaptationOption(command, 'do not adapt the loaded voices to each other');
}

async function live(context: CommandContext, options: LiveOptions): Promise<void> {
  const { terminal, signal } = context;
  const startMilliseconds = performance.now();
  const store = await SessionStore.read();
  if (store.damagedPath !== null)
    terminal.notice(`the snapshots kept so far could not be read; their file is now ${store.damagedPath}`);
  const isAdapting = isAdaptationWanted(options, terminal);
  const settings = await wantedSettings(context, options, isAdapting);
  const session = await startSession(context, options, isAdapting, settings, store);
  let panel: Panel | null = null;
  let takeAddressAway = async () => {};
  try {
    if (options.panel) panel = await startPanel(session, panelOptions(options));
    if (options.record !== undefined) await session.control({ type: 'startRecording' });
    const readySeconds = (performance.now() - startMilliseconds) / 1000;
    for (const line of liveSummary(session.current, readySeconds)) terminal.notice(line);
    if (panel !== null) {
      if (panel.warning !== null) terminal.notice(`warning: ${panel.warning}`);
      takeAddressAway = await publishAddress(panel.address);
      terminal.notice(`panel: ${panel.address}`);
      if (options.open && process.stdout.isTTY) void openBrowser(panel.address).catch(() => {});
    }
    await runUntilEnd(context, options, session);
  } finally {
    terminal.status(null);
    await takeAddressAway();
    await panel?.close();
    await session.close();
  }
  if (signal.aborted) terminal.notice('stopped; recordings are complete');
}

/** Follows the figures until Ctrl-C or the end of the wanted time. */
async function runUntilEnd(
  { terminal, signal }: CommandContext,
  options: LiveOptions,
  session: LiveSession,
): Promise<void> {
  let statuses = 0;
  const subscription = session.status$.subscribe((status) => {
    const { current } = session;
    if (++statuses === SETTLED_STATUSES) terminal.notice(`latency ${latencyText(status)}`);
    if (options.json === true)
      terminal.result(JSON.stringify({ ...status, phase: current.phase, problem: current.problem }));
    else terminal.status(statusLine(current, status));
  });
  await new Promise<void>((end) => {
    const timer = options.seconds === undefined ? null : setTimeout(end, options.seconds * 1000);
    signal.addEventListener(
      'abort',
      () => {
        if (timer !== null) clearTimeout(timer);
        end();
      },
      { once: true },
    );
    if (signal.aborted) end();
  });
  subscription.unsubscribe();
}

async function wantedSettings(
  context: CommandContext,
  options: LiveOptions,
  isAdapting: boolean,
): Promise<LiveSettings> {
  requireWindow(options);
  const isFile = options.backend === 'file';
  const names = await commaSeparated('--speakers', options.speakers ?? []);
  if (names.length > MAXIMUM_SPEAKERS) {
    throw new InputError(`--speakers must be at most ${MAXIMUM_SPEAKERS} presets, got ${names.length}`);
  }
  const isDemo = isFile && options.input === undefined;
  const known = names.length === 0 && isDemo ? DEMO_SPEAKERS : names;
  const speakers = options.rest === true ? await besideBackground(context, isAdapting, known) : known;
  const sent = await commaSeparated('--send-speakers', options.sendSpeakers ?? []);
  const unknown = sent.find((name) => !speakers.includes(name));
  if (unknown !== undefined) {
    throw new InputError(
      `--send-speakers: "${unknown}" is none of the loaded speakers, ${speakers.join(', ') || 'none'}`,
    );
  }
  if (sent.length > 0 && options.send === undefined) throw new InputError('--send-speakers needs a device: --send');
  return defaultSettings({
    backend: options.backend ?? null,
    input: options.input === undefined ? null : isFile ? resolve(options.input) : options.input,
    inputChannel: options.channel ?? null,
    output: isFile ? fileOutput('--output', options.output) : (options.output ?? null),
    send: isFile ? fileOutput('--send', options.send) : (options.send ?? null),
    sampleRateHertz: options.rate ?? null,
    latency: options.latency,
    windowSeconds: options.window === undefined ? null : options.window / 1000,
    speakers: speakerStrips(speakers).map((strip) => ({ ...strip, isSent: sent.includes(strip.preset) })),
  });
}

/** @returns one voice and the background; the voice alone where they cannot be adapted to each other, which is told */
async function besideBackground(
  { library, terminal }: CommandContext,
  isAdapting: boolean,
  names: readonly string[],
): Promise<readonly string[]> {
  if (names.length !== 1) throw new InputError(`--rest goes with one voice in --speakers, got ${names.length}`);
  if (!isAdapting) throw new InputError('--rest needs the voices adapted to each other; leave --no-adaptation out');
  const background = await withBackground(new AdaptationLibrary(library), names);
  if (background.reason !== null) {
    terminal.notice(`what is not ${names[0]} stays on the fader of the rest: ${background.reason}`);
  }
  return background.names;
}

/** @throws InputError for what is no new WAV file */
function fileOutput(option: string, output: string | undefined): string | null {
  if (output === undefined) return null;
  if (FILE_OUTPUTS.includes(output)) return output;
  if (!output.toLowerCase().endsWith('.wav')) {
    throw new InputError(
      `${option} must be a file that ends in .wav or ${FILE_OUTPUTS.join(' or ')} with --backend file, got "${output}"`,
    );
  }
  const path = resolve(output);
  if (existsSync(path)) throw new InputError(`${option}: ${output} exists already; nothing is ever overwritten`);
  return path;
}

async function startSession(
  { terminal, library }: CommandContext,
  options: LiveOptions,
  isAdapting: boolean,
  settings: LiveSettings,
  store: SessionStore,
): Promise<LiveSession> {
  const start = (chosen: LiveSettings) =>
    LiveSession.start({
      ...{ library, store, settings: chosen },
      recordingFolder: resolve(options.record ?? 'unmingle-recordings'),
      isLastUsedLoaded: options.speakers === undefined,
      isAdapting,
      onNotice: (text) => terminal.notice(text),
    });
  try {
    return await start(settings);
  } catch (error) {
    if (!(error instanceof AudioError || isAudioProblem(error)) || options.backend === 'file') throw error;
    const { message } = error as Error;
    if (options.orDemo !== true) {
      throw new InputError(`${message}; without a microphone try the bundled mixture: unmingle live --backend file`);
    }
    terminal.notice(message);
    terminal.notice('so the bundled mixture of two voices is looped');
    const speakers = settings.speakers.length > 0 ? settings.speakers : speakerStrips(DEMO_SPEAKERS);
    return start({ ...settings, backend: 'file', input: null, speakers });
  }
}

/** Errors of the audio process come as texts that begin with their kind. */
function isAudioProblem(error: unknown): boolean {
  return (
    error instanceof InputError && /^(busy|gone|denied|no-device|no-audio-system|package-missing)\b/.test(error.message)
  );
}

function panelOptions({ host, port }: LiveOptions) {
  return { port, ...(host === undefined ? {} : { host }), pageFolder: join(packageRoot(), 'dist', 'ui') };
}
