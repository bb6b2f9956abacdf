import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { siSdr } from '../../engine/evaluation/siSdr.ts';
import { adaptSpeakerSet } from '../../engine/model/JointAdaptation.ts';
import { serializePreset } from '../../engine/model/Preset.ts';
import { presetName } from '../../engine/model/PresetName.ts';
import { sampleSpeakerSet } from '../../engine/model/SpeakerSet.ts';
import { Separator } from '../../engine/separator/Separator.ts';
import { planStft } from '../../engine/stft/StftPlan.ts';
import { readPresets } from '../../host/commands/presetArgument.ts';
import { AdaptationLibrary } from '../../host/library/AdaptationLibrary.ts';
import { PRESET_EXTENSION, PresetLibrary } from '../../host/library/PresetLibrary.ts';
import { delayExcess, excessText } from '../bench/delayExcess.ts';
import { LiveProgram, type ToldStatus } from '../host/LiveProgram.ts';
import { slopeOf, slopeText } from '../soak/slope.ts';
import { findDelay } from './delay.ts';
import { followDelay, WINDOW_SECONDS } from './dropOuts.ts';
import { PulseServer } from './PulseServer.ts';
import { processorSeconds } from './processorTime.ts';

export interface LiveRun {
  readonly name: string;
  readonly rateHertz: number;
  readonly latency: 'monitor' | 'call';
  /** @default 'portaudio' */
  readonly backend?: 'portaudio' | 'webaudio';
  /** @default UNMINGLE_MEASURE_SECONDS, or 60 */
  readonly seconds?: number;
  /** Number of processes that only consume processor time. */
  readonly burners?: number;
  /** Presets loaded in addition to those of the two speakers. */
  readonly bystanders?: readonly string[];
  /** Swaps the second voice's preset with a copy of it, which must be inaudible, this time after each swap is carried out. */
  readonly swapPauseSeconds?: number;
}

/** Signals at the run's sample rate: a mixture of two voices, and the first of them, which is soloed. */
export interface LiveSound {
  readonly presets: readonly [string, string];
  readonly mixture: Float32Array;
  readonly voice: Float32Array;
}

export const LIVE_COLUMNS: readonly string[] = [
  'run',
  'delay measured, ms (least to most)',
  'delay over target (the median), where it exceeds a block of 4 ms',
  'delay claimed, ms = algorithm + buffers + devices',
  'clean 100 ms windows',
  'drop-outs found (counted by the program)',
  'SI-SDR of the first voice, dB (`separate`)',
  'processor: audio process + session, of one core',
  'engine load',
  'memory slope of the audio process',
  'restarts of engine + devices, none of them caused',
];

const TWIN = 'twin';
const DEFAULT_SECONDS = Number(process.env.UNMINGLE_MEASURE_SECONDS ?? 60);
/** Duration of the second part of a run, in which one voice is soloed; in the first part the whole mix is compared with the input. */
const SOLO_SECONDS = 20;
/** Samples that the recorder may have lost by then, as a duration. */
const RECORDER_LOSS_SECONDS = 1;

const wait = (seconds: number) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

/**
 * Plays a mixture in a loop into a virtual microphone, and compares the signal at the virtual loudspeaker with the output of
 * `separate`.
 * @param folder for settings and the copy of a preset
 * @returns one cell for each of LIVE_COLUMNS
 */
export async function measureLive(run: LiveRun, sound: LiveSound, folder: string): Promise<string[]> {
  const { rateHertz, seconds: length = DEFAULT_SECONDS } = run;
  const { mixture, voice, presets } = sound;
  const pulse = await PulseServer.start(rateHertz);
  const burners: ChildProcess[] = [];
  let isSwapping = false;
  try {
    const expected = await separated(run, sound);
    await writeTwin(presets[1], folder);
    const speakers = [...presets, ...(run.bystanders ?? [])].join(',');
    const live = new LiveProgram(
      [
        ...['--backend', run.backend ?? 'portaudio', '--rate', String(rateHertz), '--output', 'default'],
        ...['--latency', run.latency, '-s', speakers],
      ],
      { ...pulse.environment, UNMINGLE_SETTINGS: join(folder, 'live.json'), UNMINGLE_PRESETS: folder },
      process.cwd(),
      true,
    );
    await live.running();
    for (let n = 0; n < (run.burners ?? 0); n++) burners.push(spawn(process.execPath, ['-e', 'for(;;);']));
    await wait(4);
    const before = { status: latestStatus(live), processor: processorSeconds(live.processId) };
    const recording = pulse.record();
    await wait(0.5);
    pulse.play(repeated(mixture, (length + SOLO_SECONDS) * rateHertz));
    let swaps = 0;
    const { swapPauseSeconds } = run;
    isSwapping = swapPauseSeconds !== undefined;
    const swapping = (async () => {
      for (; isSwapping; swaps++) {
        await live.request({ type: 'loadPreset', slot: 1, preset: swaps % 2 === 0 ? TWIN : presets[1] });
        await wait(swapPauseSeconds ?? 0);
      }
    })();
    await wait(length);
    const after = { status: latestStatus(live), processor: processorSeconds(live.processId) };
    await live.request({ type: 'setSpeaker', slot: 0, isSoloed: true });
    await wait(SOLO_SECONDS + 1);
    isSwapping = false;
    await swapping;
    const { microphone, loudspeaker } = await recording.stop();
    for (const burner of burners) burner.kill('SIGKILL');
    await live.stop();

    const isSound = (value: number) => value !== 0;
    const start = microphone.findIndex(isSound) - mixture.findIndex(isSound);
    const end = start + length * rateHertz;
    const all = followDelay(microphone.subarray(start, end), loudspeaker.subarray(start, end), rateHertz);
    const delays = all.delaysSeconds;
    const solo = soloQuality({ mixture, expected, voice }, microphone.subarray(start), loudspeaker.subarray(start), {
      rateHertz,
      firstSecond: length,
    });
    const { latency: middle } = live.statuses[Math.floor(live.statuses.length / 2)] ?? after.status;
    const points = all.delaysSeconds.map((delaySeconds, window) => ({
      seconds: window * WINDOW_SECONDS,
      delaySeconds,
    }));
    const memory = live.statuses
      .filter(({ seconds }) => seconds >= before.status.seconds && seconds <= after.status.seconds)
      .map(({ seconds, memoryBytes }) => [seconds, memoryBytes / 1e6] as const);
    const counted = (name: keyof typeof after.status.counters) =>
      after.status.counters[name] - before.status.counters[name];
    const events = counted('inputGaps') + counted('outputGaps') + counted('shortenings');
    const share = (name: 'main' | 'children') =>
      `${((100 * (after.processor[name] - before.processor[name])) / (length + 0.5)).toFixed(1)} %`;
    const milliseconds = (value: number) => (1000 * value).toFixed(1);
    return [
      `${run.name}, ${length} s${swaps > 0 ? `, ${swaps} presets swapped` : ''}`,
      `${milliseconds(median(delays))} (${milliseconds(Math.min(...delays))} to ${milliseconds(Math.max(...delays))})`,
      excessText(delayExcess(points, median(delays), WINDOW_SECONDS)),
      `${milliseconds(middle.totalSeconds)} = ${milliseconds(middle.algorithmSeconds)} + ${milliseconds(middle.buffersSeconds)} + ${milliseconds(middle.deviceSeconds)}`,
      `${all.cleanWindows} of ${all.windows}`,
      `${all.dropOutsSeconds.length} (${events} = ${counted('inputGaps')} in + ${counted('outputGaps')} out + ${counted('shortenings')} cuts), ${counted('overloads')} overloads`,
      `${solo.siSdr.toFixed(2)} (${solo.expectedSiSdr.toFixed(2)})`,
      `${share('children')} + ${share('main')}`,
      `${(100 * after.status.load.median).toFixed(1)} %, p99 ${(100 * after.status.load.p99).toFixed(0)} %`,
      slopeText(slopeOf(memory), 'MB'),
      `${counted('engineRestarts')} + ${counted('restarts')}`,
    ];
  } finally {
    isSwapping = false;
    for (const burner of burners) burner.kill('SIGKILL');
    await pulse.stop();
  }
}

/** @throws Error before the first status */
function latestStatus({ latest }: LiveProgram): ToldStatus {
  if (latest === undefined) throw new Error('the program has not reported a status yet');
  return latest;
}

/** @returns a Markdown table */
export function liveTable(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(LIVE_COLUMNS), line(LIVE_COLUMNS.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The same templates under another name. */
async function writeTwin(preset: string, folder: string): Promise<void> {
  const { preset: original } = await new PresetLibrary().byName(presetName(preset));
  await writeFile(join(folder, `${TWIN}${PRESET_EXTENSION}`), serializePreset({ ...original, name: TWIN }));
}

/** The first voice as `separate` outputs it, for a mixture that repeats, aligned with the mixture. Adapted if the speakers have an adaptation. */
async function separated({ rateHertz, latency, bystanders = [] }: LiveRun, sound: LiveSound): Promise<Float32Array> {
  const library = new PresetLibrary();
  const adaptations = new AdaptationLibrary(library);
  const source = await adaptations.source(await readPresets(library, [...sound.presets, ...bystanders]));
  const stored = await adaptations.find(source);
  const plain = sampleSpeakerSet(source.presets, planStft({ sampleRateHertz: rateHertz, latency }));
  const separator = new Separator(stored === null ? plain : adaptSpeakerSet(plain, stored.adaptation));
  const { length } = sound.mixture;
  const input = repeated(sound.mixture, 2 * length + separator.latencySamples);
  const output = new Float32Array(input.length);
  separator.process(input, { speakers: [output] });
  return output.slice(length + separator.latencySamples);
}

function repeated(signal: Float32Array, samples: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, n) => signal[n % signal.length]!);
}

/**
 * SI-SDR of the soloed voice, each second from `firstSecond` on aligned separately. The median is robust against drop-outs, which are
 * counted elsewhere.
 */
function soloQuality(
  { mixture, expected, voice }: { mixture: Float32Array; expected: Float32Array; voice: Float32Array },
  microphone: Float32Array,
  heard: Float32Array,
  { rateHertz, firstSecond }: { rateHertz: number; firstSecond: number },
) {
  const ratios: number[] = [];
  const expectedRatios: number[] = [];
  for (let second = firstSecond + 1; (second + 1.5) * rateHertz < heard.length; second++) {
    const inFile = (second * rateHertz) % expected.length;
    if (second >= firstSecond + SOLO_SECONDS - 1 || inFile + rateHertz > expected.length) continue;
    const find = (signal: Float32Array, where: Float32Array, from: number) => {
      const model = new Float32Array(heard.length);
      model.set(signal.subarray(inFile, inFile + rateHertz), from);
      return from + findDelay(model, where, from, rateHertz);
    };
    // The recorder may have lost samples under load: the recording of the microphone shows by how much.
    const played = find(mixture, microphone, (second - RECORDER_LOSS_SECONDS) * rateHertz);
    const start = find(expected, heard, played);
    const reference = voice.subarray(inFile, inFile + rateHertz);
    ratios.push(siSdr(reference, heard.subarray(start, start + rateHertz)));
    expectedRatios.push(siSdr(reference, expected.subarray(inFile, inFile + rateHertz)));
  }
  return { siSdr: median(ratios), expectedSiSdr: median(expectedRatios) };
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
