import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import type { Seconds } from '../../engine/core/units.ts';
import { type PresetName, presetName } from '../../engine/model/PresetName.ts';
import { BACKEND_NAMES, type BackendName } from '../audio/backend/AudioBackend.ts';
import type { ChannelChoice } from '../audio/channelChoice.ts';
import { jsonText } from '../files/jsonText.ts';
import { createTemporaryFolder } from '../files/temporaryFolder.ts';
import type { EnrolmentState } from '../protocol/LiveState.ts';
import type { LiveSession } from '../session/LiveSession.ts';
import { defaultSettings } from '../session/liveSettings.ts';
import { SessionStore } from '../session/SessionStore.ts';
import type { CommandContext } from './CommandContext.ts';
import { inputChannelOption, inputOption } from './inputOptions.ts';
import { choiceOption, numberOption } from './optionValues.ts';

interface EnrolOptions {
  readonly input?: string;
  readonly channel?: ChannelChoice;
  readonly backend?: BackendName;
  readonly seconds: Seconds;
  readonly json?: boolean;
}

const SPEECH_SECONDS = { minimum: 3, maximum: 120, default: 30 } as const;
/** The recording ends when it is this many times as long as the wanted speech, but not before `LEAST_WAIT_SECONDS`: the microphone may be muted. */
const LONGEST_FACTOR = 4;
const LEAST_WAIT_SECONDS: Seconds = 60;

export function enrolCommand(context: CommandContext): Command {
  const { minimum, maximum, default: usual } = SPEECH_SECONDS;
  return new Command('enrol')
    .summary('learn a speaker from the microphone')
    .description(
      'Records one person who speaks alone until there is enough speech, and learns the voice as train does, into your library. The recording is deleted. Ctrl-C cancels.',
    )
    .argument('<name>', 'name of the speaker, as --speakers of other commands will use it')
    .addOption(inputOption())
    .addOption(inputChannelOption())
    .option(
      '--backend <name>',
      `${BACKEND_NAMES.join(' or ')} (default: the first that has a device)`,
      choiceOption('--backend', BACKEND_NAMES),
    )
    .option(
      '--seconds <s>',
      `speech to record, pauses not counted, ${minimum} to ${maximum}`,
      numberOption('--seconds', minimum, maximum),
      usual,
    )
    .option('--json', 'print a JSON report, and nothing else, to stdout')
    .addHelpText('after', '\nExamples:\n  unmingle enrol ann\n  unmingle enrol bob --input headset --seconds 60')
    .action((name: string, options: EnrolOptions) => enrol(context, presetName(name), options));
}

async function enrol(context: CommandContext, name: PresetName, options: EnrolOptions): Promise<void> {
  const { terminal, library } = context;
  for (const remark of await library.requireAddable(name, { isReplacing: false, inputs: [] })) terminal.notice(remark);
  // With a store of its own: live must not start with the settings of an enrolment.
  const folder = await createTemporaryFolder('enrol');
  try {
    const store = await SessionStore.read(join(folder, 'live.json'));
    // Loaded when needed, as by live.
    const { LiveSession } = await import('../session/LiveSession.ts');
    const { input = null, channel = null, backend = null } = options;
    const session = await LiveSession.start({
      library,
      store,
      settings: defaultSettings({ backend, input, inputChannel: channel }),
      isLastUsedLoaded: false,
      isAdapting: false,
      recordingFolder: folder,
      onNotice: (text) => terminal.notice(text),
    });
    try {
      terminal.notice(
        `recording from ${session.current.inputName ?? 'the microphone'}: one person, alone, for ${options.seconds} s`,
      );
      await session.control({ type: 'startEnrolment', name, source: 'microphone' });
      await recorded(context, session, options.seconds);
      await session.control({ type: 'trainEnrolment' });
      const { speechSeconds } = await trained(context, session);
      const report = { name, path: library.ownPath(name), speechSeconds };
      terminal.result(
        options.json === true
          ? jsonText(report)
          : `learnt "${name}" from ${speechSeconds.toFixed(1)} s of speech\n  ${report.path}`,
      );
    } finally {
      await session.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Waits until `seconds` of speech are recorded, or until `LONGEST_FACTOR` times as long has passed, at least `LEAST_WAIT_SECONDS`.
 * @throws InputError if there is then less speech than an enrolment needs, or the microphone is lost
 */
async function recorded(
  { terminal, signal }: CommandContext,
  session: Pick<LiveSession, 'state$'>,
  seconds: Seconds,
): Promise<void> {
  const longestSeconds = Math.max(LEAST_WAIT_SECONDS, LONGEST_FACTOR * seconds);
  const progress = terminal.progress('recording');
  try {
    const { phase, speechSeconds, hints } = await enrolmentState(session, signal, (enrolment) => {
      progress.update(Math.min(1, enrolment.speechSeconds / seconds), hintText(enrolment));
      return (
        enrolment.phase !== 'recording' ||
        enrolment.speechSeconds >= seconds ||
        enrolment.recordedSeconds >= longestSeconds
      );
    });
    const heard = `${speechSeconds.toFixed(0)} s of speech`;
    if (phase !== 'recording') throw new InputError(`the microphone was closed after ${heard}; nothing was learnt`);
    if (speechSeconds < SPEECH_SECONDS.minimum) {
      throw new InputError(`${heard} in ${longestSeconds} s: is the microphone muted? unmingle devices lists others`);
    }
    progress.stop();
    for (const hint of hints) terminal.notice(hint);
  } finally {
    progress.stop();
  }
}

/** Resolves when the preset is in the library. @throws InputError if the voice cannot be learnt */
async function trained(
  { terminal, signal }: CommandContext,
  session: Pick<LiveSession, 'state$'>,
): Promise<EnrolmentState> {
  const progress = terminal.progress('training');
  try {
    const end = await enrolmentState(session, signal, (enrolment) => {
      progress.update(enrolment.progress);
      return enrolment.phase === 'done' || enrolment.phase === 'failed';
    });
    if (end.phase === 'failed') throw new InputError(end.message ?? 'the voice could not be learnt');
    return end;
  } finally {
    progress.stop();
  }
}

function hintText({ speechSeconds, hints }: EnrolmentState): string {
  return [`${speechSeconds.toFixed(0)} s`, ...hints.slice(0, 1)].join('  ');
}

/** @returns the first state of the enrolment for which `isReached` is true @throws the reason of `signal`, if it is aborted before */
async function enrolmentState(
  { state$ }: Pick<LiveSession, 'state$'>,
  signal: AbortSignal,
  isReached: (enrolment: EnrolmentState) => boolean,
): Promise<EnrolmentState> {
  const { filter, firstValueFrom, map } = await import('rxjs');
  signal.throwIfAborted();
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  const reached = firstValueFrom(
    state$.pipe(
      map(({ enrolment }) => enrolment),
      filter((enrolment): enrolment is EnrolmentState => enrolment !== null && isReached(enrolment)),
    ),
  );
  return Promise.race([reached, ended]);
}
