import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, it } from 'vitest';
import { siSdr } from '../../engine/evaluation/siSdr.ts';
import { sampleScene } from '../../engine/separator/Scene.ts';
import { Separator } from '../../engine/separator/Separator.ts';
import { planStft } from '../../engine/stft/StftPlan.ts';
import { parsePreset } from '../../engine/template/Preset.ts';
import { readRecording } from '../../host/audio/readRecording.ts';
import { resample } from '../../host/audio/resample.ts';
import { LiveProgram } from '../host/live/LiveProgram.ts';
import { temporaryFolder } from '../host/temporaryFolder.ts';
import { findDelay } from '../virtualDevices/delay.ts';
import { PulseServer } from '../virtualDevices/PulseServer.ts';
import { processorSeconds } from '../virtualDevices/processorTime.ts';

const PRESETS = fileURLToPath(new URL('../../presets', import.meta.url));
const REPORT = fileURLToPath(new URL('live.md', import.meta.url));
const SPEAKERS = ['synthetic-female', 'synthetic-male'] as const;
const LENGTH_SECONDS = Number(process.env.UNMINGLE_MEASURE_SECONDS ?? 60);
/** A window whose sound is this much like what `separate` gives is clean. */
const CLEAN = 0.95;

interface Run {
  readonly name: string;
  readonly rateHertz: number;
  readonly latency: 'monitor' | 'call';
  readonly words?: readonly string[];
  /** Processes that do nothing but take processor time. */
  readonly burners?: number;
}

const RUNS: readonly Run[] = [
  { name: '48 kHz, Call, idle machine', rateHertz: 48_000, latency: 'call' },
  { name: '16 kHz, Call, idle machine', rateHertz: 16_000, latency: 'call' },
  { name: '48 kHz, Monitor, idle machine', rateHertz: 48_000, latency: 'monitor' },
  { name: '48 kHz, Call, every core taken by another program', rateHertz: 48_000, latency: 'call', burners: cpus().length },
];

const wait = (seconds: number) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
const rows: string[] = [];
const folder = temporaryFolder();

it.each(RUNS)('$name', async (run) => {
  const { rateHertz } = run;
  const pulse = await PulseServer.start(rateHertz);
  const burners: ChildProcess[] = [];
  try {
    const [mixture, ...voices] = await Promise.all(['mixture', ...SPEAKERS].map((name) => readAt(name, rateHertz)));
    const expected = await separated(mixture!, run);
    const live = new LiveProgram(
      ['--backend', 'portaudio', '--rate', String(rateHertz), '--latency', run.latency, '-s', SPEAKERS.join(',')],
      { ...pulse.environment, UNMINGLE_SETTINGS: join(folder, 'live.json') },
    );
    await live.running();
    await live.control({ type: 'setSpeaker', slot: 0, isSoloed: true });
    for (let n = 0; n < (run.burners ?? 0); n++) burners.push(spawn(process.execPath, ['-e', 'for(;;);']));
    await wait(2);
    const before = { status: live.latest!, processor: processorSeconds(live.processId) };
    const recording = pulse.record();
    await wait(0.5);
    pulse.play(repeated(mixture!, LENGTH_SECONDS * rateHertz));
    await wait(LENGTH_SECONDS + 1);
    const after = { status: live.latest!, processor: processorSeconds(live.processId) };
    const { microphone, loudspeaker } = await recording.stop();
    for (const burner of burners) burner.kill('SIGKILL');
    await live.stop();

    const isSound = (value: number) => value !== 0;
    const start = microphone.findIndex(isSound) - mixture!.findIndex(isSound);
    const heard = hearing(expected, voices[0]!, loudspeaker.subarray(start), rateHertz);
    const claimed = live.statuses.slice(-20).map(({ latency }) => latency);
    const gaps = (['inputGaps', 'outputGaps', 'shortenings', 'overloads'] as const).map(
      (name) => `${name} ${after.status.counters[name] - before.status.counters[name]}`,
    );
    const seconds = LENGTH_SECONDS + 1.5;
    const share = (name: 'main' | 'children') =>
      `${((100 * (after.processor[name] - before.processor[name])) / seconds).toFixed(1)} %`;
    const milliseconds = (value: number) => (1000 * value).toFixed(1);
    const latency = claimed[Math.floor(claimed.length / 2)]!;
    rows.push(
      [
        run.name,
        `${milliseconds(heard.delaySeconds)} (${milliseconds(heard.leastDelaySeconds)} to ${milliseconds(heard.mostDelaySeconds)})`,
        `${milliseconds(latency.totalSeconds)} = ${milliseconds(latency.algorithmSeconds)} + ${milliseconds(latency.buffersSeconds)} + ${milliseconds(latency.deviceSeconds)}`,
        `${heard.clean} of ${heard.windows}`,
        gaps.join(', '),
        `${heard.siSdr.toFixed(2)} (${siSdr(voices[0]!.subarray(rateHertz), expected.subarray(rateHertz)).toFixed(2)})`,
        `${share('children')} + ${share('main')}`,
        `${(100 * after.status.load.median).toFixed(1)} %, p99 ${(100 * after.status.load.p99).toFixed(0)} %`,
        `${((after.status.memoryBytes - before.status.memoryBytes) / 1e6).toFixed(1)} MB`,
      ].join(' | '),
    );
    console.log(rows.at(-1));
  } finally {
    for (const burner of burners) burner.kill('SIGKILL');
    await pulse.stop();
  }
});

afterAll(async () => {
  if (rows.length === 0) return;
  const intro = await readFile(REPORT, 'utf8').then((text) => text.split('\n| run |')[0]!, () => '# Live, measured\n');
  const head = [
    '| run | delay measured, ms (least to most) | delay claimed, ms = algorithm + buffers + devices | clean 100 ms windows | counted by the program | SI-SDR of the first voice, dB (`separate`) | processor: audio process + session, of one core | engine load | memory |',
    '|---|---|---|---|---|---|---|---|---|',
  ];
  await writeFile(REPORT, `${intro}\n${[...head, ...rows.map((row) => `| ${row} |`)].join('\n')}\n`);
});

async function readAt(name: string, rateHertz: number): Promise<Float32Array> {
  const { samples, sampleRateHertz } = await readRecording(join(PRESETS, 'demo', `${name}.flac`), 60);
  return resample(samples, sampleRateHertz, rateHertz);
}

/** The first voice as `separate` gives it, aligned with the mixture. */
async function separated(mixture: Float32Array, { rateHertz, latency }: Run): Promise<Float32Array> {
  const presets = await Promise.all(
    SPEAKERS.map(async (name) => parsePreset(await readFile(join(PRESETS, `${name}.unmingle.json`), 'utf8'))),
  );
  const separator = new Separator(sampleScene(presets, planStft({ sampleRateHertz: rateHertz, latency })));
  const input = new Float32Array(mixture.length + separator.latencySamples);
  input.set(mixture);
  const output = new Float32Array(input.length);
  separator.process(input, { speakers: [output] });
  return output.slice(separator.latencySamples);
}

function repeated(signal: Float32Array, samples: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, n) => signal[n % signal.length]!);
}

/** Second by second: where the expected voice is found in what was heard, which windows are it, and how well it is separated. */
function hearing(expected: Float32Array, voice: Float32Array, heard: Float32Array, rateHertz: number) {
  const delays: number[] = [];
  const ratios: number[] = [];
  let clean = 0;
  let windows = 0;
  const window = rateHertz / 10;
  // The first pass of the mixture starts from silence, the others do not: they are what the comparison is fair for.
  for (let second = 1; (second + 1.5) * rateHertz < heard.length && second < LENGTH_SECONDS - 1; second++) {
    const inFile = (second * rateHertz) % expected.length;
    if (inFile + rateHertz > expected.length) continue;
    const model = new Float32Array(heard.length);
    model.set(expected.subarray(inFile, inFile + rateHertz), second * rateHertz);
    const delay = findDelay(model, heard, second * rateHertz, rateHertz);
    delays.push(delay / rateHertz);
    const part = heard.subarray(second * rateHertz + delay, (second + 1) * rateHertz + delay);
    ratios.push(siSdr(voice.subarray(inFile, inFile + rateHertz), part));
    for (let first = 0; first < rateHertz; first += window) {
      const one = expected.subarray(inFile + first, inFile + first + window);
      const energy = one.reduce((sum, value) => sum + value * value, 0);
      if (energy / window < 1e-5) continue;
      windows++;
      if (likeness(one, part.subarray(first, first + window)) > CLEAN) clean++;
    }
  }
  const sorted = delays.toSorted((one, other) => one - other);
  return {
    delaySeconds: sorted[Math.floor(sorted.length / 2)]!,
    leastDelaySeconds: sorted[0]!,
    mostDelaySeconds: sorted.at(-1)!,
    siSdr: ratios.reduce((sum, value) => sum + value, 0) / ratios.length,
    clean,
    windows,
  };
}

function likeness(one: Float32Array, other: Float32Array): number {
  let product = 0;
  let energy = 0;
  let otherEnergy = 0;
  for (let n = 0; n < one.length; n++) {
    product += one[n]! * other[n]!;
    energy += one[n]! ** 2;
    otherEnergy += other[n]! ** 2;
  }
  return product / Math.sqrt(energy * otherEnergy + 1e-20);
}
