import { tmpdir } from 'node:os';
import { PORTAUDIO_REMEDY } from '../audio/backend/PortAudioBackend.ts';
import { WEB_AUDIO_REMEDY } from '../audio/backend/WebAudioBackend.ts';
import type { Check, Finding } from './Check.ts';
import { kernelFinding, nodeFinding } from './engineChecks.ts';
import { folderFinding } from './folderChecks.ts';
import { soundPackageFinding, trainingFinding } from './packageChecks.ts';
import { serverFinding, virtualMicrophoneFinding } from './serverChecks.ts';
import { portFinding, sessionFinding } from './sessionChecks.ts';
import { devicesFinding, permissionFinding } from './soundChecks.ts';

const USUAL_MILLISECONDS = 8000;
/** Two packages are loaded one after the other; TensorFlow takes seconds on a busy machine. */
const LOADING_MILLISECONDS = 30_000;
/** Longer than the deadline of the audio process, whose error says more. */
const DEVICES_MILLISECONDS = 20_000;
/** Some thousand presets with their evidence. */
const PRESETS_MEGABYTES = 100;
/** Three hours of an open recording: 48 kHz, 16 bits, one channel. */
const TEMPORARY_MEGABYTES = 1000;

/** All checks of `unmingle doctor`. @param presets folder of the user's presets */
export function doctorChecks(presets: string): readonly Check[] {
  const presetsAlternative = 'set UNMINGLE_PRESETS to another folder';
  return [
    needed('Node.js', async () => nodeFinding()),
    optional('kernel', async () => kernelFinding()),
    { ...needed('training', (signal) => trainingFinding(signal)), deadlineMilliseconds: LOADING_MILLISECONDS },
    {
      ...optional('PortAudio', (signal) => soundPackageFinding('naudiodon', PORTAUDIO_REMEDY, signal)),
      deadlineMilliseconds: LOADING_MILLISECONDS,
    },
    {
      ...optional('Web Audio', (signal) => soundPackageFinding('node-web-audio-api', WEB_AUDIO_REMEDY, signal)),
      deadlineMilliseconds: LOADING_MILLISECONDS,
    },
    { ...optional('devices', (signal) => devicesFinding(signal)), deadlineMilliseconds: DEVICES_MILLISECONDS },
    { ...optional('server', (signal) => serverFinding(signal)), deadlineMilliseconds: DEVICES_MILLISECONDS },
    optional('virtual mic', (signal) => virtualMicrophoneFinding(signal)),
    optional('permission', () => permissionFinding()),
    optional('session', () => sessionFinding()),
    optional('port', () => portFinding()),
    needed('presets', () => folderFinding(presets, PRESETS_MEGABYTES, presetsAlternative)),
    needed('temporary', () => folderFinding(tmpdir(), TEMPORARY_MEGABYTES, 'set TMPDIR to another folder')),
  ];
}

function needed(name: string, find: (signal: AbortSignal) => Promise<Finding>): Check {
  return { name, isNeeded: true, deadlineMilliseconds: USUAL_MILLISECONDS, find };
}

function optional(name: string, find: (signal: AbortSignal) => Promise<Finding>): Check {
  return { ...needed(name, find), isNeeded: false };
}
