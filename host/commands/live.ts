import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { AudioFileReader } from '../audio/AudioFileReader.ts';
import { AudioError } from '../audio/backend/AudioError.ts';
import { ANALYSED_SECONDS } from '../audio/backend/LoopingFile.ts';
import { chooseChannels } from '../audio/channelChoice.ts';
import { DEMO_SPEAKERS } from '../files/demoFiles.ts';
import { packageRoot } from '../files/packageRoot.ts';
import type { Panel, PanelOptions } from '../panel/PanelServer.ts';
import { publishAddress } from '../panel/remoteAddress.ts';
import type { LiveSettings } from '../protocol/LiveState.ts';
import { demoDevices } from '../session/deviceSettings.ts';
import type { LiveSession } from '../session/LiveSession.ts';
import { speakerStrips } from '../session/liveSettings.ts';
import { SessionStore } from '../session/SessionStore.ts';
import type { CommandContext } from './CommandContext.ts';
import { internalErrorText } from './internalErrorText.ts';
import {
  describeLive,
  type LiveOptions,
  type RequestedSession,
  refuseUnreadLiveOptions,
  requestedSession,
} from './liveOptions.ts';
import { channelLine } from './livePerChannel.ts';
import { latencyText, liveSummary, statusLine } from './liveText.ts';
import { SEARCH_NOTICE, voiceSearchChanges } from './liveVoices.ts';
import { isAdaptationWanted } from './renamedOptions.ts';
import { refuseForRunning, runningSession } from './runningSession.ts';
import { SoundOutput } from './SoundOutput.ts';

/** The latency is reported with this status: after two seconds, buffers have reached their lasting fill. */
const SETTLED_STATUSES = 4;

export function liveCommand(context: CommandContext): Command {
  const command = describeLive();
  return command.action(async (options: LiveOptions) => {
    refuseUnreadLiveOptions(command, options);
    const running = options.panel && options.port !== 0 ? await runningSession(options.port) : null;
    if (running === null) return live(context, options);
    refuseForRunning(sessionOptions(command), options.port);
    context.terminal.notice(`Unmingle is running already: ${running.address}`);
    if (options.open && process.stdout.isTTY) await openBrowser(running.loginAddress);
  });
}

/** @returns the given options that concern the session, not its panel */
function sessionOptions(command: Command): string[] {
  const ofPanel = ['orDemo', 'open', 'port', 'panel'];
  return command.options
    .filter((option) => !ofPanel.includes(option.attributeName()))
    .filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli')
    .map((option) => option.long ?? option.flags);
}

async function live(context: CommandContext, options: LiveOptions): Promise<void> {
  const { terminal, signal } = context;
  const startMilliseconds = performance.now();
  const store = await SessionStore.read();
  if (store.notice !== null) terminal.notice(store.notice);
  const isAdapting = options.perChannel === undefined && isAdaptationWanted(options, terminal);
  const requested = await requestedSession(context, options, isAdapting);
  const output = requested.stream === null ? null : new SoundOutput(terminal, requested.stream.rateHertz);
  if (options.backend === 'file' && options.input !== undefined)
    await noticeInput(context, options.input, requested.channelVoices === null);
  const session = await startSession(context, options, isAdapting, requested, store);
  const sound = output === null ? null : session.sound$.subscribe(output);
  let panel: Panel | null = null;
  let removeAddress = async () => {};
  try {
    if (options.panel) {
      const { startPanel } = await import('../panel/PanelServer.ts');
      panel = await startPanel(session, panelOptions(context, options));
    }
    if (options.voices !== undefined) await startVoiceSearch(context, session, options.voices);
    if (options.record !== undefined) await session.control({ type: 'startRecording' });
    const readySeconds = (performance.now() - startMilliseconds) / 1000;
    if (requested.channelVoices !== null) terminal.notice(channelLine(requested.channelVoices));
    for (const line of liveSummary(session.current, readySeconds)) terminal.notice(line);
    if (panel !== null) {
      if (panel.warning !== null) terminal.notice(`warning: ${panel.warning}`);
      removeAddress = await publishAddress(panel.address);
      terminal.notice(`panel: ${panel.address}`);
      if (options.open && process.stdout.isTTY) void openBrowser(panel.loginAddress());
    }
    await runUntilEnd(context, options, session, output);
  } finally {
    terminal.status(null);
    await removeAddress();
    await panel?.close();
    await session.close();
    sound?.unsubscribe();
    output?.report();
  }
  // The session keeps its last state.
  const { recording, endedRecording } = session.current;
  const hasRecorded = recording !== null || endedRecording !== null;
  if (signal.aborted) terminal.notice(hasRecorded ? 'stopped; recordings are complete' : 'stopped');
}

/**
 * Says what is unusual about the file that is played, and which of its channels are.
 * @param isChosen whether its channels become one that suits them
 * @throws InputError if it cannot be read
 */
async function noticeInput({ terminal, signal }: CommandContext, path: string, isChosen: boolean): Promise<void> {
  const reader = await AudioFileReader.open(path);
  await reader.close();
  for (const text of reader.remarks) terminal.notice(text);
  if (reader.channels === 1 || !isChosen) return;
  const { remark } = await chooseChannels(path, 'best', { maximumSeconds: ANALYSED_SECONDS, signal });
  if (remark !== null) terminal.notice(remark);
}

/**
 * Prints status until Ctrl-C, until `--seconds` have passed, or until nobody reads the sound any more.
 * @throws Error if the sound for the other program has ended by itself
 */
async function runUntilEnd(
  { terminal, signal }: CommandContext,
  options: LiveOptions,
  session: LiveSession,
  output: SoundOutput | null,
): Promise<void> {
  let statuses = 0;
  const subscription = session.status$.subscribe((status) => {
    const { current } = session;
    if (++statuses === SETTLED_STATUSES) terminal.notice(`latency ${latencyText(status)}`);
    if (options.json === true)
      terminal.result(
        JSON.stringify({
          ...status,
          phase: current.phase,
          problem: current.problem,
          inputChoice: current.inputChoice,
          voiceSearch: current.voiceSearch,
        }),
      );
    else terminal.status(statusLine(current, status));
  });
  let timer: NodeJS.Timeout | null = null;
  const end = new Promise<void>((resolve) => {
    if (options.seconds !== undefined) timer = setTimeout(resolve, options.seconds * 1000);
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
  try {
    await (output === null ? end : Promise.race([end, output.ended]));
  } finally {
    if (timer !== null) clearTimeout(timer);
    subscription.unsubscribe();
  }
}

async function startVoiceSearch(
  { terminal }: CommandContext,
  session: LiveSession,
  voices: number | 'auto',
): Promise<void> {
  await session.control({ type: 'startVoiceSearch', voices: voices === 'auto' ? null : voices });
  terminal.notice(SEARCH_NOTICE);
  let latest = session.current.voiceSearch;
  // Ends with the session.
  session.state$.subscribe(({ voiceSearch }) => {
    for (const line of voiceSearchChanges(latest, voiceSearch)) terminal.notice(line);
    latest = voiceSearch;
  });
}

/** Never throws: without a browser, the address has been printed. */
async function openBrowser(address: string): Promise<void> {
  const { default: open } = await import('open');
  await open(address).catch(() => {});
}

/** @throws InputError if no device can be opened and the demo was not asked for */
async function startSession(
  { terminal }: CommandContext,
  options: LiveOptions,
  isAdapting: boolean,
  { settings, library, stream, channelVoices, isUnknownRecognised }: RequestedSession,
  store: SessionStore,
): Promise<LiveSession> {
  // Loaded when needed: session and panel occupy 17 MB, which other commands need for sound.
  const { LiveSession } = await import('../session/LiveSession.ts');
  const start = (chosen: LiveSettings) =>
    LiveSession.start({
      library,
      store,
      settings: chosen,
      stream,
      channelVoices,
      recordingFolder: resolve(options.record ?? 'unmingle-recordings'),
      isLastUsedLoaded: options.speakers === undefined && options.voices === undefined && channelVoices === null,
      isAdapting,
      isUnknownRecognised,
      onNotice: (text) => terminal.notice(text),
    });
  try {
    return await start(settings);
  } catch (error) {
    // An error of the audio process keeps its class and kind on the way here.
    const isDeviceError = error instanceof AudioError && error.kind !== 'rate-not-supported';
    if (!isDeviceError || options.backend === 'file' || channelVoices !== null) throw error;
    const { message } = error;
    if (options.orDemo !== true) {
      throw new InputError(`${message}; without a microphone try the bundled mixture: unmingle live --backend file`);
    }
    terminal.notice(message);
    terminal.notice('the demo is playing instead');
    const speakers = settings.speakers.length > 0 ? settings.speakers : speakerStrips(DEMO_SPEAKERS);
    return start({ ...demoDevices(settings), speakers });
  }
}

function panelOptions({ terminal }: CommandContext, { host, port, newToken = false }: LiveOptions): PanelOptions {
  return {
    port,
    ...(host === undefined ? {} : { host }),
    isTokenNew: newToken,
    pageFolder: join(packageRoot(), 'dist', 'ui'),
    onInternalError: (error) => terminal.notice(internalErrorText(error)),
  };
}
