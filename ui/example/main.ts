import { InputError } from '../../engine/core/errors.ts';
import type { LatencyMode } from '../../engine/stft/StftPlan.ts';
import { type JointAdaptation, parseAdaptation, parsePreset, SeparatorNode } from '../../engine/worklet/index.ts';
import { Strip } from './Strip.ts';

/** Contents of listing.json, written by build.mjs. */
interface Listing {
  readonly presets: readonly string[];
  /** The two voices of the demo mixture, selected at first. */
  readonly selected: readonly [string, string];
  readonly adaptations: readonly {
    readonly speakers: readonly string[];
    readonly file: string;
    readonly key: string;
  }[];
}

const byId = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const first = byId<HTMLSelectElement>('first');
const second = byId<HTMLSelectElement>('second');
const latency = byId<HTMLSelectElement>('latency');
const stopButton = byId<HTMLButtonElement>('stop');
const status = byId('status');
const mixer = byId('strips');

const text = async (path: string) => {
  const response = await fetch(path);
  if (!response.ok) throw new InputError(`cannot load ${path}: ${response.status} ${response.statusText}`);
  return response.text();
};

const listing = JSON.parse(await text('./listing.json')) as Listing;
for (const select of [first, second]) select.append(...listing.presets.map((name) => new Option(name, name)));
[first.value, second.value] = listing.selected;

/** The open audio graph and what has to be closed with it. */
interface Playing {
  readonly context: AudioContext;
  readonly media: MediaStream | null;
  readonly strips: readonly Strip[];
  readonly description: string;
}

let playing: Playing | null = null;
/** Incremented by each press of a button; a start that finishes after a later press is discarded. */
let presses = 0;

async function adaptationOf(names: readonly string[]): Promise<JointAdaptation | null> {
  const found = listing.adaptations.find(({ speakers }) => speakers.join() === names.join());
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

/** Opens the source and the separator. On failure, closes everything it has opened and rejects. */
async function open(isLive: boolean): Promise<Playing> {
  // Voice processing for calls would alter the signal that the presets were trained on.
  const unprocessed = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const media = isLive ? await navigator.mediaDevices.getUserMedia({ audio: unprocessed }) : null;
  const context = new AudioContext({ latencyHint: 'interactive' });
  try {
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
      onError: (error) => report(error),
    });
    const strips = [...names, 'Rest'].map((name, output) => {
      const strip = new Strip(context, name);
      separator.connect(strip.gain, output < names.length ? output : 'rest');
      return strip;
    });
    (await sourceOf(context, media)).connect(separator.node);
    const milliseconds = (seconds: number) => Math.round(1000 * seconds);
    const description =
      `${isLive ? 'Microphone' : 'Demo mixture'}, ${context.sampleRate} Hz. ` +
      `Latency: ${milliseconds(separator.latencySeconds)} ms separation, ` +
      `about ${milliseconds(context.baseLatency + (context.outputLatency || 0))} ms browser. ` +
      `Voices ${adaptation === null ? 'not adapted' : 'adapted'} to each other.`;
    return { context, media, strips, description };
  } catch (error) {
    await close({ context, media });
    throw error;
  }
}

async function close({ context, media }: Pick<Playing, 'context' | 'media'>): Promise<void> {
  for (const track of media?.getTracks() ?? []) track.stop();
  await context.close();
}

function show(opened: Playing): void {
  const { context, media, strips, description } = opened;
  playing = opened;
  mixer.replaceChildren(...strips.map(({ row }) => row));
  status.textContent = description;
  stopButton.disabled = false;
  for (const track of media?.getTracks() ?? [])
    track.addEventListener('ended', () => void stop().then(() => report('The microphone was disconnected.')));
  const draw = () => {
    if (playing?.context !== context) return;
    for (const strip of strips) strip.draw();
    requestAnimationFrame(draw);
  };
  draw();
}

async function start(isLive: boolean): Promise<void> {
  const stopping = stop();
  const press = presses;
  try {
    await stopping;
    const opened = await open(isLive);
    if (press !== presses) return await close(opened);
    show(opened);
    await opened.context.resume();
  } catch (error) {
    if (press === presses) report(error);
  }
}

async function stop(): Promise<void> {
  presses++;
  const before = playing;
  playing = null;
  stopButton.disabled = true;
  mixer.replaceChildren();
  status.textContent = '';
  if (before !== null) await close(before);
}

/** Shows an error or a message below the strips. */
function report(what: unknown): void {
  status.textContent = what instanceof Error ? what.message : String(what);
}

byId('demo').addEventListener('click', () => void start(false));
byId('microphone').addEventListener('click', () => void start(true));
stopButton.addEventListener('click', () => void stop());
