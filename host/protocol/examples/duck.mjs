// Lowers all other voices while one speaks, and raises them again afterwards. Ctrl-C ends it and restores the faders.
//   npx unmingle control --print-address | node duck.mjs VOICE [DECIBELS]
// The address holds the token. It is read from standard input, because arguments are visible to every user of the machine.
import { text } from 'node:stream/consumers';
import { decodeTelemetryFrame, parseHostMessage } from 'unmingle/host';
import { WebSocket } from 'ws';

const [voice, decibels = '-12'] = process.argv.slice(2);
if (voice === undefined || !(Number(decibels) < 0)) {
  console.error('usage: npx unmingle control --print-address | node duck.mjs VOICE [DECIBELS below 0]');
  process.exit(1);
}
/** RMS level above which the voice is considered to speak. */
const SPEECH_DECIBELS = -40;
/** Faders stay lowered this long after the voice was last heard, to bridge the pauses between words. */
const HOLD_MILLISECONDS = 400;
const LOWEST_DECIBELS = -60;

const socket = new WebSocket((await text(process.stdin)).trim());
/** @type {readonly import('unmingle/host').SpeakerStrip[]} */
let speakers = [];
let spokeAt = Number.NEGATIVE_INFINITY;
/**
 * Fader levels before they were lowered, by the id of the strip; null: not lowered.
 * @type {Map<number, number> | null}
 */
let before = null;

socket.on('message', (data, isBinary) => {
  // ws delivers one Buffer a message, unless told otherwise.
  if (!Buffer.isBuffer(data)) return;
  if (isBinary) follow(decodeTelemetryFrame(data));
  else receive(parseHostMessage(data.toString()));
});
socket.on('error', ({ message }) => {
  console.error(message);
  process.exitCode = 1;
});
socket.on('close', () => process.exit());
process.once('SIGINT', () => {
  restore();
  socket.close();
});

/** @param {import('unmingle/host').HostMessage} message */
function receive(message) {
  // The first state is complete; later ones hold only the changed fields.
  if (message.type === 'state') speakers = message.state.settings?.speakers ?? speakers;
  else if (message.type === 'refused') console.error(message.reason);
}

/** @param {import('unmingle/host').TelemetryFrame | null} frame */
function follow(frame) {
  const slot = speakers.findIndex(({ preset }) => preset === voice);
  const level = frame?.speakers[slot]?.rmsDecibels ?? Number.NEGATIVE_INFINITY;
  if (level > SPEECH_DECIBELS) spokeAt = performance.now();
  const isSpeaking = performance.now() - spokeAt < HOLD_MILLISECONDS;
  if (isSpeaking && before === null) lower();
  else if (!isSpeaking && before !== null) restore();
}

function lower() {
  before = new Map(speakers.map(({ id, gainDecibels }) => [id, gainDecibels]));
  for (const { id, preset, gainDecibels } of speakers) {
    if (preset !== voice) fade(id, Math.max(LOWEST_DECIBELS, gainDecibels + Number(decibels)));
  }
}

function restore() {
  for (const { id, preset } of speakers) {
    const gainDecibels = before?.get(id);
    if (preset !== voice && gainDecibels !== undefined) fade(id, gainDecibels);
  }
  before = null;
}

/** @param {number} id of the strip @param {number} gainDecibels */
function fade(id, gainDecibels) {
  socket.send(JSON.stringify({ type: 'setSpeaker', voice: id, gainDecibels }));
}
