import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { resample } from '../../../host/audio/resample.ts';
import { DEMO_SPEAKERS, demoMixturePath } from '../../../host/files/demoFiles.ts';
import type { LiveCounters } from '../../../host/protocol/LiveState.ts';
import { randomPreset } from '../../engine/syntheticVoice.ts';
import { LiveProgram, type ToldStatus } from '../../host/LiveProgram.ts';
import { temporaryFolder } from '../../host/temporaryFolder.ts';
import { slopeOf } from '../../soak/slope.ts';
import { PulseServer } from '../../virtualDevices/PulseServer.ts';
import { trackDelay, unwantedSilences } from './delayTrack.ts';
import { type ChainRun, type LogLine, overloadMarkdown, overloadSvg } from './overloadReport.ts';
import { TRIAL_SECONDS, TRIALS, type Trial } from './trials.ts';

const RATE = 48_000;
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const FAULTS = path('../../virtualDevices/engineFaults.mjs');
const folder = temporaryFolder();
const wait = (seconds: number) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

interface Chain {
  readonly environment: NodeJS.ProcessEnv;
  /** Resolves when the chain outputs sound. */
  begin(): Promise<void>;
  act(action: NonNullable<Trial['action']>, faults: string): Promise<void>;
  counters(): LiveCounters | null;
  /** Statuses so far; empty for a chain that reports none. */
  statuses(): readonly ToldStatus[];
  remarks(): string;
  end(): Promise<void>;
}

it('overload and faults, beside a naive chain', async () => {
  const { samples, sampleRateHertz } = await readRecording(demoMixturePath(), 60);
  const mixture = await resample(samples, sampleRateHertz, RATE);
  const takes = join(folder, 'takes');
  const runs = [
    await run('unmingle live', (pulse, faults) => liveChain(pulse, faults, takes), mixture),
    await run('a naive chain', naiveChain, mixture),
  ] as const;
  const stems: { name: string; seconds: number }[] = [];
  const newest = readdirSync(takes).toSorted().at(-1);
  if (newest === undefined) throw new Error('nothing was recorded');
  const take = join(takes, newest);
  for (const name of readdirSync(take).filter((file) => file.endsWith('.wav'))) {
    const stem = await readRecording(join(take, name), 60);
    stems.push({ name, seconds: stem.samples.length / stem.sampleRateHertz });
  }
  writeFileSync(path('overload.md'), overloadMarkdown(runs, stems));
  writeFileSync(path('overload.svg'), overloadSvg(runs));
  expect(stems.length).toBeGreaterThan(0);
});

async function run(
  name: string,
  create: (pulse: PulseServer, faults: string) => Chain,
  mixture: Float32Array,
): Promise<ChainRun> {
  const faults = join(folder, name);
  mkdirSync(faults, { recursive: true });
  const pulse = await PulseServer.start(RATE);
  const chain = create(pulse, faults);
  const burners: ChildProcess[] = [];
  const log: LogLine[] = [];
  const [machineLoad = 0] = loadavg();
  try {
    await chain.begin();
    await wait(1);
    const recording = pulse.record();
    await wait(0.5);
    const long = Float32Array.from({ length: (TRIAL_SECONDS + 1) * RATE }, (_, n) => mixture[n % mixture.length]!);
    pulse.play(long);
    const start = performance.now();
    const now = () => (performance.now() - start) / 1000;
    for (const trial of TRIALS) {
      while (now() < trial.second) await wait(0.01);
      log.push({ seconds: now(), event: trial.name, counters: chain.counters() });
      if (trial.steal !== undefined) writeFileSync(join(faults, 'steal'), String(trial.steal));
      if (trial.fault !== undefined) writeFileSync(join(faults, trial.fault), '');
      if (trial.burners !== undefined) {
        for (const burner of burners.splice(0)) burner.kill('SIGKILL');
        for (let n = 0; n < trial.burners; n++) burners.push(spawn(process.execPath, ['-e', 'while(true);']));
      }
      if (trial.action !== undefined) await chain.act(trial.action, faults);
    }
    while (now() < TRIAL_SECONDS) await wait(0.05);
    log.push({ seconds: now(), event: 'the end', counters: chain.counters() });
    const memory = chain.statuses().map(({ seconds, memoryBytes }) => [seconds, memoryBytes / 1e6] as const);
    const { microphone, loudspeaker } = await recording.stop();
    const isSound = (sample: number) => sample !== 0;
    const first = microphone.findIndex(isSound) - mixture.findIndex(isSound);
    const heard = loudspeaker.subarray(first);
    return {
      name,
      log,
      machineLoad,
      memory: memory.length === 0 ? null : slopeOf(memory),
      remarks: chain.remarks(),
      delays: trackDelay(microphone.subarray(first), heard, RATE),
      silences: unwantedSilences(microphone.subarray(first), heard, RATE, 0.02),
    };
  } finally {
    for (const burner of burners) burner.kill('SIGKILL');
    await chain.end();
    await pulse.stop();
  }
}

function liveChain(pulse: PulseServer, faults: string, takes: string): Chain {
  const presets = join(folder, 'presets');
  mkdirSync(presets, { recursive: true });
  const environment = {
    ...pulse.environment,
    UNMINGLE_SETTINGS: join(folder, 'live.json'),
    UNMINGLE_PRESETS: presets,
    NODE_OPTIONS: `--import=${FAULTS}`,
    UNMINGLE_TEST_FAULTS: faults,
  };
  const words = [
    '--backend',
    'portaudio',
    '--rate',
    String(RATE),
    '--output',
    'default',
    '--speakers',
    DEMO_SPEAKERS.join(','),
    '--record',
    takes,
  ];
  const live = new LiveProgram(words, environment, process.cwd(), true);
  return {
    environment,
    begin: async () => {
      await live.running();
      await live.control({ type: 'stopRecording' });
    },
    counters: () => live.latest?.counters ?? null,
    statuses: () => live.statuses,
    remarks: () => live.remarks,
    end: async () => void (await live.stop()),
    act: async (action) => {
      if (action === 'flood') {
        const socket = await live.connect();
        socket.on('error', () => {});
        for (let n = 0; n < 20_000; n++) socket.send('{"type":"setMaster","gainDecibels":0}');
      } else if (action === 'hostile preset') {
        const preset = randomPreset('hostile', 8, 1);
        const layers = preset.layers.map((layer, index) =>
          index === preset.layers.length - 1 ? { ...layer, biasScale: 1000, weightScale: 1000 } : layer,
        );
        const hostile = { ...preset, layers };
        writeFileSync(join(presets, 'hostile.unmingle.json'), serializePreset(hostile));
        await live.control({ type: 'loadPreset', slot: 1, preset: 'hostile' });
      } else {
        await live.control({ type: 'startRecording' });
        await wait(1);
        writeFileSync(join(faults, 'full'), '');
        await wait(0.7);
        rmSync(join(faults, 'full'), { force: true });
      }
    },
  };
}

function naiveChain(pulse: PulseServer, faults: string): Chain {
  // As for the other chain: PortAudio blocks a thread of the pool for each direction.
  const pool = { UV_THREADPOOL_SIZE: '16' };
  const environment = {
    ...pulse.environment,
    ...pool,
    NODE_OPTIONS: `--import=${FAULTS}`,
    UNMINGLE_TEST_FAULTS: faults,
  };
  const child = spawn(process.execPath, [path('naiveChain.mjs')], { env: environment });
  let said = '';
  let isRunning = false;
  child.stdout.on('data', () => {
    isRunning = true;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return {
    environment,
    begin: async () => {
      for (let n = 0; n < 1000 && !isRunning; n++) await wait(0.01);
      if (!isRunning) throw new Error(`the naive chain did not start: ${said}`);
    },
    // The naive chain has no panel, no preset changes and no recordings.
    act: async () => {},
    counters: () => null,
    statuses: () => [],
    remarks: () => said,
    end: async () => {
      child.kill('SIGKILL');
    },
  };
}
