import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { requireFileName } from '../../engine/core/fileName.ts';
import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import type { PresetName } from '../../engine/model/PresetName.ts';
import { BACKEND_NAMES, type BackendName } from '../audio/backend/AudioBackend.ts';
import type { ChannelChoice } from '../audio/channelChoice.ts';
import { DEMO_SPEAKERS } from '../files/demoFiles.ts';
import { pathExists } from '../files/outputs.ts';
import { withBackground } from '../library/Background.ts';
import type { PresetFile, PresetLibrary } from '../library/PresetLibrary.ts';
import { DEFAULT_PORT } from '../panel/remoteAddress.ts';
import { FIELDS } from '../protocol/fields.ts';
import type { LiveSettings } from '../protocol/LiveState.ts';
import { VIRTUAL_MICROPHONE } from '../protocol/virtualMicrophone.ts';
import type { VoiceStreamFormat } from '../protocol/voiceStreamFormat.ts';
import { FILE_OUTPUTS } from '../session/deviceSettings.ts';
import { defaultSettings, speakerStrips, withRest } from '../session/liveSettings.ts';
import type { CommandContext } from './CommandContext.ts';
import { inputChannelOption, inputOption } from './inputOptions.ts';
import { liveChannelVoices, refuseBesidePerChannel } from './livePerChannel.ts';
import {
  choiceOption,
  collect,
  commaSeparated,
  fieldOption,
  integerOption,
  numberOption,
  pathOption,
} from './optionValues.ts';
import { readPresets } from './presetArgument.ts';
import { type AdaptationChoice, addAdaptationOption } from './renamedOptions.ts';
import { loadedSlots, type StdoutOptions, stdoutOption, stdoutRateOption } from './stdoutOption.ts';
import { latencyOption, requireWindow, type StreamOptions, windowOption } from './streamOptions.ts';
import { refuseOptions } from './unreadOptions.ts';
import { searchedVoicesOption } from './voiceOptions.ts';

export interface LiveOptions extends AdaptationChoice, StreamOptions, StdoutOptions {
  readonly speakers?: readonly string[];
  readonly perChannel?: readonly string[];
  readonly voices?: number | 'auto';
  readonly input?: string;
  readonly channel?: ChannelChoice;
  readonly output?: string;
  readonly send?: string;
  readonly sendSpeakers?: readonly string[];
  readonly backend?: BackendName;
  readonly rate?: number;
  readonly record?: string;
  readonly seconds?: number;
  readonly orDemo?: boolean;
  readonly port: number;
  readonly host?: string;
  readonly newToken?: boolean;
  readonly rest?: boolean;
  readonly panel: boolean;
  readonly open: boolean;
  readonly json?: boolean;
}

/** `unmingle live` with its options and help, without its action. */
export function describeLive(): Command {
  const command = new Command('live')
    .summary('separate the microphone in real time')
    .description(
      `Separates the sound of the microphone in real time and plays the mix that you set in the panel, a web page on this machine.

Without --speakers, the voices last used with this microphone are loaded. Ctrl-C completes recordings and stops; a second Ctrl-C stops at once. unmingle control steers a running session.`,
    )
    .option('-s, --speakers <A,B,...>', `up to ${MAXIMUM_SPEAKERS} preset names or preset files`, collect)
    .option(
      '--per-channel <A,B,...>',
      'instead of --speakers: a voice for each channel of the input, in order (- for none), without the bleed of the others',
      collect,
    )
    .addOption(searchedVoicesOption())
    .addOption(inputOption())
    .addOption(inputChannelOption())
    .option(
      '-o, --output <device>',
      "where you hear it, as --input, or default for the system's (default: none, so that no loudspeaker can feed back into the microphone); with --backend file: a new WAV file",
    )
    .option(
      '--send <device>',
      `second output; ${VIRTUAL_MICROPHONE}: a microphone for other programs, which exists while the session runs (Linux)`,
    )
    .option('--send-speakers <A,B,...>', 'voices for --send (default: the mix)', collect)
    .addOption(stdoutOption('; silent while it is not loaded, independent of the faders'))
    .addOption(stdoutRateOption())
    .option(
      '--backend <name>',
      `${BACKEND_NAMES.join(', ')} (default: the first that opens a device)`,
      choiceOption('--backend', BACKEND_NAMES),
    )
    .option('--rate <hertz>', "sample rate (default: the device's own)", fieldOption('--rate', FIELDS.sampleRateHertz))
    .addOption(latencyOption('; buffers and devices add to it'))
    .addOption(windowOption())
    .option(
      '--record <dir>',
      'record the input, each voice, the rest and the mix into a new folder in DIR',
      pathOption('--record'),
    )
    .option('--seconds <seconds>', 'stop after this time', numberOption('--seconds', 0.1, 1e7))
    .option('--or-demo', 'without a microphone, loop the bundled mixture of two voices')
    .option('--port <number>', "the panel's port; 0: any free one", integerOption('--port', 0, 65_535), DEFAULT_PORT)
    .option(
      '--host <address>',
      'address the panel listens on (default: 127.0.0.1); with others, other machines can steer it',
    )
    .option('--new-token', "replace the token in the panel's address; panels that have the old one are disconnected")
    .option(
      '--rest',
      'people who are not loaded go to the rest, recognised by the bundled background voices; beside one voice, the background has a fader of its own',
    )
    .option('--no-panel', 'run without the panel')
    .option('--no-open', "print the panel's address without opening it")
    .option('--json', 'print status twice a second to stdout, one line of JSON each, and nothing else')
    .addHelpText(
      'after',
      `
Examples:
  unmingle live --speakers ann,bob -o headset
  unmingle live -s ann,bob -i headset --send virtual-mic --send-speakers ann
  unmingle live -s ann --rest                      ann against everything else
  unmingle live -s ann,bob --rest                  both, and others in the rest
  unmingle live --per-channel ann,bob -i interface    a microphone for each
  unmingle live -s ann,bob -o none --stdout ann --no-panel | PROGRAM
  unmingle live --backend file                     the bundled mixture, looping
  unmingle live --backend file -i meeting.flac -s ann,bob --no-panel`,
    );
  return addAdaptationOption(command, 'do not adapt the loaded voices to each other');
}

/** @throws InputError for options that have no effect in combination with the others */
export function refuseUnreadLiveOptions(command: Command, options: LiveOptions): void {
  if (options.perChannel !== undefined) refuseBesidePerChannel(command);
  if (options.voices !== undefined) refuseOptions(command, ['--rest', '--or-demo'], 'with --voices');
  if (!options.panel) refuseOptions(command, ['--port', '--host', '--new-token'], 'with --no-panel');
  if (options.backend === 'file') {
    refuseOptions(command, ['--channel'], 'with --backend file, which chooses the channels of the file itself');
    refuseOptions(command, ['--or-demo'], 'with --backend file, which needs no microphone');
  }
  if (options.stdout === undefined) refuseOptions(command, ['--stdout-rate'], 'without --stdout <speaker>');
  else refuseOptions(command, ['--json'], 'with --stdout');
  if (options.send === undefined) refuseOptions(command, ['--send-speakers'], 'without --send <device>');
}

/** What the options of `unmingle live` request. */
export interface RequestedSession {
  readonly settings: LiveSettings;
  /** The user's library, in which preset files of --speakers are found by their names. */
  readonly library: PresetLibrary;
  /** The voice of --stdout; null: none. */
  readonly stream: VoiceStreamFormat | null;
  /** [channels] voice that each channel of the input belongs to, null: nobody's; null: voices have no channels. */
  readonly channelVoices: readonly (PresetName | null)[] | null;
  /** Whether voices that are not loaded go to the rest. */
  readonly isUnknownRecognised: boolean;
}

/**
 * Settings of a session that the options request.
 * @param isAdapting whether voices are adapted to each other
 * @throws InputError for options that contradict each other, and for presets that cannot be read
 */
export async function requestedSession(
  context: CommandContext,
  options: LiveOptions,
  isAdapting: boolean,
): Promise<RequestedSession> {
  requireWindow(options);
  if (options.record !== undefined) await requireRecordingFolder(options.record);
  const isFile = options.backend === 'file';
  const names = await commaSeparated('--speakers', options.speakers ?? []);
  if (names.length > MAXIMUM_SPEAKERS) {
    throw new InputError(`--speakers must be at most ${MAXIMUM_SPEAKERS} presets, got ${names.length}`);
  }
  const isDemo = isFile && options.input === undefined;
  if (isDemo && options.voices !== undefined)
    throw new InputError('--voices needs a microphone or an --input file: the voices of the demo are known');
  const channelVoices =
    options.perChannel === undefined ? null : await liveChannelVoices(context, options.perChannel, options);
  const known =
    channelVoices?.filter((voice) => voice !== null) ??
    (await readPresets(context.library, names.length === 0 && isDemo ? DEMO_SPEAKERS : names));
  if (options.rest === true) requireRest(isAdapting, known);
  const isAlone = known.length === 1;
  const voices = options.rest === true && isAlone ? await besideBackground(context, known) : known;
  const isUnknownRecognised = options.rest === true && !isAlone;
  const library = context.library.withFiles(voices);
  const sent = await sentSpeakers(options, voices);
  const settings = defaultSettings({
    backend: options.backend ?? null,
    input: options.input === undefined ? null : isFile ? resolve(options.input) : options.input,
    inputChannel: options.channel ?? null,
    output: isFile ? fileOutput('--output', options.output) : microphoneOutput(options.output),
    send: isFile ? fileOutput('--send', options.send) : (options.send ?? null),
    sampleRateHertz: options.rate ?? null,
    latency: options.latency,
    windowSeconds: options.window === undefined ? null : options.window / 1000,
    speakers: speakerStrips(voices.map(({ name }) => name)).map((strip, slot) => ({
      ...strip,
      isSent: sent.includes(slot),
    })),
  });
  return {
    settings: isUnknownRecognised ? withRest(settings) : settings,
    library,
    stream: voiceStream(options, voices),
    channelVoices: channelVoices?.map((voice) => voice?.name ?? null) ?? null,
    isUnknownRecognised,
  };
}

/** @throws InputError if the voice is not loaded */
function voiceStream({ stdout, stdoutRate }: StdoutOptions, voices: readonly PresetFile[]): VoiceStreamFormat | null {
  if (stdout === undefined) return null;
  const [slot = 0] = loadedSlots('--stdout', stdout, voices);
  return { voice: voices[slot]!.name, rateHertz: stdoutRate };
}

/** @throws InputError if the recordings could not be written there */
async function requireRecordingFolder(folder: string): Promise<void> {
  requireFileName(basename(resolve(folder)));
  if (!pathExists(folder)) return;
  const facts = await stat(folder).catch(() => null);
  if (!facts?.isDirectory()) throw new InputError(`--record must be a folder, got "${folder}", which is a file`);
}

/** @returns slots of the voices of --send-speakers, which names them as --speakers does or by their names */
async function sentSpeakers(options: LiveOptions, voices: readonly PresetFile[]): Promise<number[]> {
  const texts = await commaSeparated('--send-speakers', options.sendSpeakers ?? []);
  return texts.flatMap((text) => loadedSlots('--send-speakers', text, voices));
}

/** @throws InputError if the voices cannot be separated from others */
function requireRest(isAdapting: boolean, voices: readonly PresetFile[]): void {
  const most = MAXIMUM_SPEAKERS - 1;
  if (voices.length === 0 || voices.length > most)
    throw new InputError(`--rest needs 1 to ${most} voices in --speakers, got ${voices.length}`);
  if (!isAdapting) throw new InputError('--rest needs the voices adapted to each other; leave --no-adaptation out');
}

/** @returns the voice and the background preset; only the voice, with a notice, if they cannot be adapted to each other */
async function besideBackground(
  { library, terminal }: CommandContext,
  voices: readonly PresetFile[],
): Promise<readonly PresetFile[]> {
  const background = await withBackground(library, voices);
  if (background.reason !== null) {
    terminal.notice(`the background voices are not loaded: ${background.reason}`);
  }
  return background.voices;
}

/** A microphone is played only where the user asked for it: through a loudspeaker nearby, it would howl. */
function microphoneOutput(output = 'none'): string | null {
  return output === 'default' ? null : output;
}

/** @returns the absolute path of a new WAV file, or one of FILE_OUTPUTS @throws InputError for an existing file or another type */
function fileOutput(option: string, output: string | undefined): string | null {
  if (output === undefined) return null;
  if (FILE_OUTPUTS.includes(output)) return output;
  if (!output.toLowerCase().endsWith('.wav')) {
    throw new InputError(
      `${option} must be a file that ends in .wav or ${FILE_OUTPUTS.join(' or ')} with --backend file, got "${output}"`,
    );
  }
  const path = resolve(output);
  if (pathExists(path)) throw new InputError(`${option}: ${output} already exists; choose another name`);
  return path;
}
