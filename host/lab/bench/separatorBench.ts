import type { Hertz, Samples } from '../../../engine/core/units.ts';
import { Separator } from '../../../engine/separator/Separator.ts';
import { quantile } from './interleavedMedians.ts';
import { noiseSpeakerSet, SAMPLE_RATE_HERTZ, type SpeakerSetSize } from './noiseSpeakerSet.ts';

export interface SeparatorTiming {
  readonly speakers: number;
  /** Total of all speakers. */
  readonly templates: number;
  readonly windowSamples: Samples;
  readonly hopSamples: Samples;
  readonly sampleRateHertz: Hertz;
  /** Mean solver iterations per frame. */
  readonly iterations: number;
  /** Seconds of sound per second of processor time. */
  readonly realTimeFactor: number;
  /** Wall-clock time, including interruptions by other programs. */
  readonly microsecondsPerHop: { readonly p50: number; readonly p99: number };
}

const WARM_UP_HOPS = 60;
const MEASURED_MILLISECONDS = 700;
const FEWEST_HOPS = 50;

/** 1025 bins by 128 templates, hop 512: the size that others vary. */
export const BASE_SIZE: SpeakerSetSize = { speakers: 2, templatesPerSpeaker: 64, windowSamples: 2048 };
const SIZES: readonly SpeakerSetSize[] = [
  BASE_SIZE,
  { ...BASE_SIZE, speakers: 4 },
  { ...BASE_SIZE, speakers: 8 },
  { ...BASE_SIZE, templatesPerSpeaker: 32 },
  { ...BASE_SIZE, templatesPerSpeaker: 128 },
  { ...BASE_SIZE, windowSamples: 1024 },
  { ...BASE_SIZE, windowSamples: 4096 },
];

/**
 * Times the separator at 48 kHz, hop N/4, on one core, with noise: `BASE_SIZE` first, then its variations.
 * @param onSize called before each size with the fraction done, 0 to 1
 */
export async function measureSeparator(onSize: (fraction: number) => void): Promise<SeparatorTiming[]> {
  const timings: SeparatorTiming[] = [];
  for (const size of SIZES) {
    onSize(timings.length / SIZES.length);
    // Lets the event loop draw progress and handle Ctrl-C.
    await new Promise((resolve) => setImmediate(resolve));
    timings.push(timeSize(size));
  }
  return timings;
}

function timeSize(size: SpeakerSetSize): SeparatorTiming {
  const { speakerSet, hops } = noiseSpeakerSet(size);
  const separator = new Separator(speakerSet);
  const { hopSamples } = speakerSet.plan;
  const outputs = {
    speakers: speakerSet.speakers.map(() => new Float32Array(hopSamples)),
    rest: new Float32Array(hopSamples),
  };
  for (let hop = 0; hop < WARM_UP_HOPS; hop++) separator.process(hops[hop % hops.length]!, outputs);
  const microseconds: number[] = [];
  let total = 0;
  let iterations = 0;
  const processorStart = process.cpuUsage();
  while (total < MEASURED_MILLISECONDS * 1000 || microseconds.length < FEWEST_HOPS) {
    const start = performance.now();
    separator.process(hops[microseconds.length % hops.length]!, outputs);
    microseconds.push(1000 * (performance.now() - start));
    total += microseconds.at(-1)!;
    iterations += separator.telemetry.iterations;
  }
  const { user, system } = process.cpuUsage(processorStart);
  return {
    speakers: size.speakers,
    templates: size.speakers * size.templatesPerSpeaker,
    windowSamples: size.windowSamples,
    hopSamples,
    sampleRateHertz: SAMPLE_RATE_HERTZ,
    iterations: iterations / microseconds.length,
    realTimeFactor: (microseconds.length * hopSamples) / SAMPLE_RATE_HERTZ / ((user + system) / 1e6),
    microsecondsPerHop: { p50: quantile(microseconds, 0.5), p99: quantile(microseconds, 0.99) },
  };
}
