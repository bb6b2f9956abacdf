// Runs a live session without the panel: prints the level of each voice twice a second, and lowers the second voice after a second.
//   node liveSession.mjs VOICE,VOICE [SECONDS] [BACKEND]
// The backend `file` loops the bundled mixture, for a machine without a microphone. Nothing is played: the output is none.
import {
  decodeTelemetryFrame,
  defaultSettings,
  LiveSession,
  PresetLibrary,
  SessionStore,
  speakerStrips,
} from 'unmingle/host';

const [voices, seconds = '10', backend = null] = process.argv.slice(2);
if (voices === undefined || !(Number(seconds) > 0)) {
  console.error('usage: node liveSession.mjs VOICE,VOICE [SECONDS] [BACKEND]');
  process.exit(1);
}

const session = await LiveSession.start({
  library: new PresetLibrary(),
  store: await SessionStore.read(),
  settings: defaultSettings({ backend, output: 'none', speakers: speakerStrips(voices.split(',')) }),
  isLastUsedLoaded: false,
  isAdapting: true,
  recordingFolder: 'recordings',
  onNotice: (text) => console.error(text),
});
process.once('SIGINT', () => void session.close());

/** @type {import('unmingle/host').TelemetryFrame | null} */
let latest = null;
session.telemetry$.subscribe((bytes) => {
  latest = decodeTelemetryFrame(bytes);
});
session.status$.subscribe(({ latency }) => {
  const levels = session.current.settings.speakers.map(({ preset, gainDecibels }, slot) => {
    const decibels = latest?.speakers[slot]?.rmsDecibels ?? Number.NEGATIVE_INFINITY;
    return `${preset} ${decibels.toFixed(0)} dB (fader ${gainDecibels} dB)`;
  });
  console.log(`${Math.round(1000 * latency.totalSeconds)} ms late: ${levels.join(', ')}`);
});

setTimeout(() => {
  // Each voice has an id, so that a message never reaches another voice that has taken its place.
  const second = session.current.settings.speakers[1];
  if (second !== undefined) void session.control({ type: 'setSpeaker', voice: second.id, gainDecibels: -20 });
}, 1000);
setTimeout(() => void session.close(), 1000 * Number(seconds));
