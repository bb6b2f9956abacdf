import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { SampleRing } from '../../engine/core/SampleRing.ts';
import { LiveEngine } from '../../engine/realtime/LiveEngine.ts';
import { SharedMetrics } from '../../engine/realtime/SharedMetrics.ts';
import { TapMarks } from '../../engine/realtime/TapMarks.ts';
import { TelemetryRing } from '../../engine/realtime/TelemetryRing.ts';
import type { PackedSpeakerSet } from '../../engine/separator/PackedSpeakerSet.ts';
import type { EngineGreeting, EngineThreadConfig, MessageToEngine } from '../rpc/engineMessages.ts';
import { raiseThreadPriority } from '../workers/threadPriority.ts';

/** Messages are received at least this often, even without input. */
const MAXIMUM_SLEEP_MILLISECONDS = 50;

const config = workerData as EngineThreadConfig;
const ring = (buffer: SharedArrayBuffer | null) => (buffer === null ? null : new SampleRing(buffer));
const input = new SampleRing(config.input);
const messagesSent = new Int32Array(config.messagesSent);
const engine = new LiveEngine(
  config,
  {
    input,
    main: ring(config.main),
    send: ring(config.send),
    tap: new SampleRing(config.tap),
    tapMarks: new TapMarks(config.tapMarks),
  },
  new SharedMetrics(config.metrics),
  new TelemetryRing(config.telemetry),
  () => performance.now(),
);

parentPort!.postMessage({ isPriorityRaised: raiseThreadPriority() } satisfies EngineGreeting);

let isRunning = true;
let messagesSeen = 0;

function receive(message: MessageToEngine): void {
  if (message.type === 'mix') engine.setMix(message.mix);
  else if (message.type === 'parameters') engine.setParameters(message.parameters);
  else if (message.type === 'tapped') engine.setTapped(message.isTapped);
  else isRunning = false;
}

/** Polls, since a thread in `Atomics.wait` receives no events. Of several speaker sets only the newest is loaded. */
function receiveAll(): void {
  for (let next = receiveMessageOnPort(config.control); next; next = receiveMessageOnPort(config.control))
    receive(next.message as MessageToEngine);
  let speakerSet: PackedSpeakerSet | null = null;
  for (let next = receiveMessageOnPort(config.speakerSets); next; next = receiveMessageOnPort(config.speakerSets))
    speakerSet = next.message as PackedSpeakerSet;
  if (speakerSet !== null) engine.setSpeakerSet(speakerSet);
}

while (isRunning) {
  const sent = Atomics.load(messagesSent, 0);
  if (sent !== messagesSeen) {
    messagesSeen = sent;
    receiveAll();
  }
  if (!engine.step()) input.wait(MAXIMUM_SLEEP_MILLISECONDS);
}
config.control.close();
config.speakerSets.close();
