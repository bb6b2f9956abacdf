import { execFile } from 'node:child_process';
import { AudioError } from '../audio/backend/AudioError.ts';

/** Program that queries and controls PulseAudio, and PipeWire through pipewire-pulse. */
const PROGRAM = 'pactl';
/** It answers within 20 ms; a server that hangs never does. */
export const PACTL_DEADLINE_MILLISECONDS = 3000;
/** A list of 100 devices has 300 kB. */
const MAXIMUM_OUTPUT_BYTES = 4_000_000;

const INSTALL_PACTL = 'install pactl (Debian, Ubuntu, Fedora: package pulseaudio-utils; Arch: libpulse)';
const START_SERVER = 'start PulseAudio, or PipeWire with pipewire-pulse';

/** Runs pactl. @returns what it prints @throws AudioError if it is missing, fails, or misses its deadline */
export type Pactl = (words: readonly string[], signal?: AbortSignal) => Promise<string>;

/**
 * Runs pactl in a process of its own.
 * @param program another program in its place
 * @param deadlineMilliseconds after which it is killed
 */
export function pactlProgram(program = PROGRAM, deadlineMilliseconds = PACTL_DEADLINE_MILLISECONDS): Pactl {
  return (words, signal) =>
    new Promise((resolve, reject) => {
      const options = {
        encoding: 'utf8',
        env: pactlEnvironment(),
        killSignal: 'SIGKILL',
        maxBuffer: MAXIMUM_OUTPUT_BYTES,
        timeout: deadlineMilliseconds,
        ...(signal === undefined ? {} : { signal }),
      } as const;
      execFile(program, words, options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(pactlError(error, stderr, deadlineMilliseconds));
      });
    });
}

/** The numbers in pactl's JSON follow the locale, whose decimal comma is not JSON. */
export function pactlEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C.UTF-8' };
}

function pactlError(error: Error & { code?: unknown; killed?: boolean }, stderr: string, milliseconds: number) {
  if (error.code === 'ENOENT' || error.code === 'EACCES')
    return new AudioError('package-missing', 'pactl is not installed', INSTALL_PACTL);
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
    return new AudioError('no-audio-system', `pactl printed more than ${MAXIMUM_OUTPUT_BYTES / 1e6} MB`, START_SERVER);
  if (error.killed === true) {
    const happened = `the sound server did not answer pactl within ${milliseconds / 1000} s`;
    return new AudioError('no-audio-system', happened, 'restart it');
  }
  const reason = stderr.trim().split('\n', 1)[0] || error.message.split('\n', 1)[0];
  return new AudioError('no-audio-system', `no sound server answers pactl (${reason})`, START_SERVER);
}
