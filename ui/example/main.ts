import { InputError } from '../../engine/core/errors.ts';
import type { LatencyMode } from '../../engine/stft/StftPlan.ts';
import { parseAdaptation, parsePreset, type SceneAdaptation, SeparatorNode } from '../../engine/worklet/index.ts';
import { Strip } from './Strip.ts';

/** Beside this page; made by its build. */
interface Listing {
  readonly presets: readonly string[];
  readonly scenes: readonly { readonly speakers: readonly string[]; readonly file: string; readonly key: string }[];
}

const byId = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const first = byId<HTMLSelectElement>('first');
const second = byId<HTMLSelectElement>('second');
const latency = byId<HTMLSelectElement>('latency');
const stopButton = byId<HTMLButtonElement>('stop');
const status = byId('status');
const strips = byId('strips');

const text = async (path: string) => {
  const response = await fetch(path);
  if (!response.ok) throw new InputError(`cannot load ${path}: ${response.status} ${response.statusText}`);
  return response.text();
};

const listing = JSON.parse(await text('./listing.json')) as Listing;
for (const select of [first, second]) select.append(...listing.presets.map((name) => new Option(name, name)));
first.value = 'synthetic-female';
second.value = 'synthetic-male';

let running: { readonly context: AudioContext; readonly media: MediaStream | null } | null = null;

async function adaptationOf(names: readonly string[]): Promise<SceneAdaptation | null> {
  const found = listing.scenes.find(({ speakers }) => speakers.join() === names.join());
  return found === undefined ? null : parseAdaptation(await text(`./${found.file}`), found.key);
}

async function sourceOf(context: AudioContext, media: MediaStream | null): Promise<AudioNode> {
  if (media !== null) return context.createMediaStreamSource(media);
  const response = await fetch('./mixture.flac');
  const source = context.createBufferSource();
  source.buffer = await context.decodeAudioData(await response.arrayBuffer());
  source.loop = true;
  source.start();
  return source;
}

async function start(isLive: boolean): Promise<void> {
  await stop();
  // Everything that calls make of a voice to please is not what a voice was learnt from.
  const asItIs = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const media = isLive ? await navigator.mediaDevices.getUserMedia({ audio: asItIs }) : null;
  const context = new AudioContext({ latencyHint: 'interactive' });
  running = { context, media };
  const names = [first.value, second.value];
  const [adaptation, ...presets] = await Promise.all([
    adaptationOf(names),
    ...names.map(async (name) => parsePreset(await text(`./${name}.unmingle.json`))),
  ]);
  const separator = await SeparatorNode.create(context, {
    presets,
    latency: latency.value as LatencyMode,
    ...(adaptation === null ? {} : { adaptation }),
    processorUrl: new URL('./separator-processor.js', location.href),
    onError: (error) => tell(error),
  });
  const mixer = [...names, 'Rest'].map((name, output) => {
    const strip = new Strip(context, name, strips);
    separator.connect(strip.gain, output < names.length ? output : 'rest');
    return strip;
  });
  (await sourceOf(context, media)).connect(separator.node);
  await context.resume();
  stopButton.disabled = false;
  const milliseconds = (seconds: number) => Math.round(1000 * seconds);
  status.textContent =
    `${isLive ? 'The microphone' : 'The demo mixture'} at ${context.sampleRate} Hz: ${milliseconds(separator.latencySeconds)} ms of the ` +
    `separation, some ${milliseconds(context.baseLatency + (context.outputLatency || 0))} ms of the browser; ` +
    `voices ${adaptation === null ? 'as they are' : 'adapted to each other'}.`;
  const draw = () => {
    if (running?.context !== context) return;
    for (const strip of mixer) strip.draw();
    requestAnimationFrame(draw);
  };
  draw();
}

async function stop(): Promise<void> {
  const before = running;
  running = null;
  stopButton.disabled = true;
  strips.replaceChildren();
  status.textContent = '';
  for (const track of before?.media?.getTracks() ?? []) track.stop();
  await before?.context.close();
}

function tell(error: unknown): void {
  status.textContent = error instanceof Error ? error.message : String(error);
}

const begin = (isLive: boolean) => () => void start(isLive).catch((error) => stop().then(() => tell(error)));
byId('demo').addEventListener('click', begin(false));
byId('microphone').addEventListener('click', begin(true));
stopButton.addEventListener('click', () => void stop());
