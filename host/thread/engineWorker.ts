import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { SampleRing } from '../../engine/core/SampleRing.ts';
import type { Scene } from '../../engine/separator/Scene.ts';
import { EngineBoard } from '../live/EngineBoard.ts';
import { LiveEngine } from '../live/LiveEngine.ts';
import { TelemetryRing } from '../live/TelemetryRing.ts';
import type { EngineGreeting, EngineThreadConfig, MessageToEngine } from './engineMessages.ts';
import { raiseThreadPriority } from './threadPriority.ts';

/** A sleeper looks for messages this often at least. */
const LONGEST_SLEEP_MILLISECONDS = 50;

const config = workerData as EngineThreadConfig;
const ring = (buffer: SharedArrayBuffer | null) => (buffer === null ? null : new SampleRing(buffer));
const input = new SampleRing(config.input);
const messagesSent = new Int32Array(config.messagesSent);
const engine = new LiveEngine(
  config,
  { input, main: ring(config.main), send: ring(config.send), tap: new SampleRing(config.tap) },
  new EngineBoard(config.board),
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

/** A thread that sleeps in `Atomics.wait` gets no events: it looks. Only the newest of several scenes is built. */
function receiveAll(): void {
  for (let next = receiveMessageOnPort(config.control); next; next = receiveMessageOnPort(config.control))
    receive(next.message as MessageToEngine);
  let scene: Scene | null = null;
  for (let next = receiveMessageOnPort(config.scenes); next; next = receiveMessageOnPort(config.scenes))
    scene = next.message as Scene;
  if (scene !== null) engine.setScene(scene);
}

while (isRunning) {
  const sent = Atomics.load(messagesSent, 0);
  if (sent !== messagesSeen) {
    messagesSeen = sent;
    receiveAll();
  }
  if (!engine.step()) input.wait(LONGEST_SLEEP_MILLISECONDS);
}
config.control.close();
config.scenes.close();
