import { isAbsolute } from 'node:path';
import type { BackendName } from '../audio/backend/AudioBackend.ts';
import type { AudioDevice } from '../audio/backend/AudioDevice.ts';
import { AudioError } from '../audio/backend/AudioError.ts';
import { NOWHERE } from '../audio/backend/FileBackend.ts';
import { type FoundBackend, type NamedFiles, openBackend } from '../audio/backend/openBackend.ts';
import { answerCalls, type CallHandlers } from '../rpc/answerCalls.ts';
import type {
  AudioRequests,
  DeviceRequest,
  MessageFromAudio,
  MessageToAudio,
  OpenedAudio,
} from '../rpc/audioMessages.ts';
import { serializeError } from '../rpc/SerializedError.ts';
import { addAlsaSlots } from '../soundServer/alsaSlots.ts';
import { moduleOwner } from '../soundServer/moduleOwner.ts';
import { findSoundServer } from '../soundServer/SoundServer.ts';
import { SoundServerBackend } from '../soundServer/SoundServerBackend.ts';
import { LiveAudio } from './LiveAudio.ts';

/*
 * The process that owns the devices and the engine. Sound libraries print, hang and crash when a device or a sound server disappears; in a
 * process of their own they cannot harm the session, which then starts another process.
 */

const TELEMETRY_MILLISECONDS = 1000 / 60;
const STATUS_MILLISECONDS = 500;
/** Telemetry and sound for listening browsers are dropped while this many messages have not been written to the session. */
const MAXIMUM_BACKLOG = 4;

let audio: LiveAudio | null = null;
let messagesUnderWay = 0;
let telemetryDropped = 0;

function send(message: MessageFromAudio): void {
  if (!process.connected) return;
  messagesUnderWay++;
  process.send!(message, undefined, undefined, () => {
    messagesUnderWay--;
  });
}

const handlers: CallHandlers<AudioRequests> = {
  devices: async ({ backend: wanted }) => {
    const { backend, notice } = await findBackend(wanted, { input: null, outputs: [] });
    return { backend: backend.name, notice, devices: listed(await backend.devices()) };
  },
  open: async ({ request, ...start }) => {
    const { backend, notice } = await findBackend(request.backend, namedFiles(request));
    const devices = await backend.devices();
    audio = await LiveAudio.open(backend, devices, request, start, {
      onLost: (error) => send({ type: 'lost', message: error.message }),
      onRecordingFailed: (what, error) => send({ type: 'recordingFailed', what, error: serializeError(error) }),
      onSound: (pcm) => send({ type: 'sound', pcm }),
      onMix: (frame) => {
        if (messagesUnderWay < MAXIMUM_BACKLOG) send({ type: 'mix', frame });
      },
      onInput: (sound) => send({ type: 'input', sound }),
      onFeedback: () => send({ type: 'feedback' }),
      onInputChosen: (remark) => send({ type: 'inputChosen', remark }),
      onNotice: (text) => send({ type: 'notice', text }),
      onEngineRestart: (error) => send({ type: 'notice', text: `the engine has been restarted: ${error.message}` }),
    });
    const opened: OpenedAudio = {
      backend: backend.name,
      notice,
      sampleRateHertz: audio.sampleRateHertz,
      devices: listed(devices),
      inputName: audio.inputDevice.name,
      outputName: playedOn(audio.outputDevice),
      sendName: playedOn(audio.sendDevice),
    };
    return opened;
  },
  speakerSet: (request) => opened().loadSpeakers(request),
  mix: async (mix) => {
    opened().setMix(mix);
    return null;
  },
  parameters: async (parameters) => {
    opened().setParameters(parameters);
    return null;
  },
  startTake: async ({ folder, voices }) => {
    await opened().recorder.startTake(folder, voices);
    return null;
  },
  stopTake: async () => {
    const { sampleRateHertz, recorder } = opened();
    const take = await recorder.stopTake();
    return take === null ? null : { droppedSeconds: take.droppedSamples / sampleRateHertz };
  },
  startSpeech: async ({ path }) => {
    await opened().recorder.startSpeech(path);
    return null;
  },
  stopSpeech: async () => {
    await opened().recorder.stopSpeech();
    return null;
  },
  listen: async ({ isListening }) => {
    await opened().setListening(isListening);
    return null;
  },
  followInput: async ({ isFollowed }) => {
    await opened().followInput(isFollowed);
    return null;
  },
  close: async () => {
    await close();
    return null;
  },
};

/** Opens a backend, together with the devices of the sound server if there is one. @throws AudioError */
async function findBackend(wanted: BackendName | null, files: NamedFiles): Promise<FoundBackend> {
  const server = wanted === 'file' ? null : await findSoundServer();
  if (server === null) return openBackend(wanted, files);
  addAlsaSlots();
  const { backend, notice } = await openBackend(wanted, files);
  // The session is the parent of this process.
  return { backend: new SoundServerBackend(backend, server, await moduleOwner(process.ppid)), notice };
}

/** The device that only keeps time is none that a user could hear. */
function listed(devices: readonly AudioDevice[]): AudioDevice[] {
  return devices.filter(({ id }) => id !== NOWHERE);
}

function playedOn(device: AudioDevice | null): string | null {
  return device === null || device.id === NOWHERE ? null : device.name;
}

function namedFiles({ input, output, send, voiceChannels }: DeviceRequest): NamedFiles {
  const looped = voiceChannels === null ? 'best' : 'all';
  return { input, outputs: [output ?? '', send ?? ''].filter(isAbsolute), looped };
}

function opened(): LiveAudio {
  if (audio === null) throw new AudioError('gone', 'no device is open', 'open one first');
  return audio;
}

async function close(brokenOff: string | null = null): Promise<void> {
  const closing = audio;
  audio = null;
  await closing?.close(brokenOff);
}

function sendTelemetry(): void {
  if (audio === null) return;
  for (let frame = audio.takeTelemetry(); frame !== null; frame = audio.takeTelemetry()) {
    if (messagesUnderWay < MAXIMUM_BACKLOG) send(frame);
    else telemetryDropped++;
  }
}

function sendStatus(): void {
  if (audio === null) return;
  const status = audio.status();
  const counters = { ...status.counters, telemetryDropped: status.counters.telemetryDropped + telemetryDropped };
  send({ type: 'status', status: { ...status, counters } });
}

const receive = answerCalls<AudioRequests>(handlers, send);
process.on('message', (message: MessageToAudio) => receive(message));
// The session has ended without closing this process: finalise recordings and exit.
process.on('disconnect', () => void close('the program ended unexpectedly').finally(() => process.exit(0)));
// Ctrl-C reaches the whole process group; the session closes this process itself.
process.on('SIGINT', () => {});
setInterval(sendTelemetry, TELEMETRY_MILLISECONDS);
setInterval(sendStatus, STATUS_MILLISECONDS);
