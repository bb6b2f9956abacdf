import { Random } from '../../engine/core/Random.ts';
import type { Hertz, Samples } from '../../engine/core/units.ts';
import type { Scene } from '../../engine/separator/Scene.ts';
import { Separator } from '../../engine/separator/Separator.ts';
import { binCount, planStft } from '../../engine/stft/StftPlan.ts';

export interface SeparatorTiming {
  readonly speakers: number;
  /** Of all speakers together. */
  readonly templates: number;
  readonly windowSamples: Samples;
  readonly hopSamples: Samples;
  readonly sampleRateHertz: Hertz;
  readonly iterations: number;
  /** Seconds of sound a second of work. */
  readonly realTimeFactor: number;
  readonly microsecondsPerHop: { readonly p50: number; readonly p99: number };
}

const SAMPLE_RATE_HERTZ = 48_000;
const WARM_UP_HOPS = 60;
const MEASURED_MILLISECONDS = 700;
const FEWEST_HOPS = 50;

/** The setting that others are compared with, and what changes from it. */
const BASE = { speakers: 2, templatesPerSpeaker: 64, windowSamples: 2048 };
const SETTINGS: readonly (typeof BASE)[] = [
  BASE,
  { ...BASE, speakers: 4 },
  { ...BASE, speakers: 8 },
  { ...BASE, templatesPerSpeaker: 32 },
  { ...BASE, templatesPerSpeaker: 128 },
  { ...BASE, windowSamples: 1024 },
  { ...BASE, windowSamples: 4096 },
];

/**
 * Times the whole separator at 48 kHz, hop N/4, on one core. Noise and random templates are the worst case: no frame is silent, no
 * frame settles before its last iteration.
 * @param onSetting called before each setting with the share that is done, 0 to 1
 */
export async function measureSeparator(onSetting: (fraction: number) => void): Promise<SeparatorTiming[]> {
  const timings: SeparatorTiming[] = [];
  for (const setting of SETTINGS) {
    onSetting(timings.length / SETTINGS.length);
    // Lets progress be drawn and Ctrl-C be heard.
    await new Promise((resolve) => setImmediate(resolve));
    timings.push(timeSetting(setting));
  }
  return timings;
}

function timeSetting({ speakers, templatesPerSpeaker, windowSamples }: typeof BASE): SeparatorTiming {
  const random = new Random(1);
  const seconds = windowSamples / SAMPLE_RATE_HERTZ;
  const plan = planStft({ sampleRateHertz: SAMPLE_RATE_HERTZ, latency: seconds, windowSeconds: seconds });
  const bins = binCount(plan);
  const scene: Scene = {
    plan,
    magnitudeExponent: 0.5,
    bins,
    speakers: Array.from({ length: speakers }, (_, index) => ({
      name: `speaker ${index + 1}`,
      templates: templatesPerSpeaker,
      values: Float32Array.from({ length: templatesPerSpeaker * bins }, () => 2 * random.uniform()),
    })),
  };
  const separator = new Separator(scene);
  const { hopSamples } = plan;
  // Different in every hop of a second, so that no frame starts from its own solution.
  const inputs = Array.from({ length: Math.ceil(SAMPLE_RATE_HERTZ / hopSamples) }, () =>
    Float32Array.from({ length: hopSamples }, () => random.between(-0.3, 0.3)),
  );
  const outputs = {
    speakers: scene.speakers.map(() => new Float32Array(hopSamples)),
    rest: new Float32Array(hopSamples),
  };
  for (let hop = 0; hop < WARM_UP_HOPS; hop++) separator.process(inputs[hop % inputs.length]!, outputs);
  const microseconds: number[] = [];
  let total = 0;
  while (total < MEASURED_MILLISECONDS * 1000 || microseconds.length < FEWEST_HOPS) {
    const start = performance.now();
    separator.process(inputs[microseconds.length % inputs.length]!, outputs);
    microseconds.push(1000 * (performance.now() - start));
    total += microseconds.at(-1)!;
  }
  microseconds.sort((one, other) => one - other);
  const percentile = (share: number) => microseconds[Math.floor(share * (microseconds.length - 1))]!;
  return {
    speakers,
    templates: speakers * templatesPerSpeaker,
    windowSamples,
    hopSamples,
    sampleRateHertz: SAMPLE_RATE_HERTZ,
    iterations: separator.telemetry.iterations,
    realTimeFactor: (microseconds.length * hopSamples) / SAMPLE_RATE_HERTZ / (total / 1e6),
    microsecondsPerHop: { p50: percentile(0.5), p99: percentile(0.99) },
  };
}
