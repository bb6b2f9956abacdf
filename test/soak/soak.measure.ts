import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Random } from '../../engine/core/Random.ts';
import { readRecording } from '../../host/audio/readRecording.ts';
import { resample } from '../../host/audio/resample.ts';
import { demoMixturePath } from '../../host/files/demoFiles.ts';
import { PresetLibrary } from '../../host/library/PresetLibrary.ts';
import { delayExcess } from '../bench/delayExcess.ts';
import { LiveProgram, type ToldStatus } from '../host/LiveProgram.ts';
import { temporaryFolder } from '../host/temporaryFolder.ts';
import { PulseServer } from '../virtualDevices/PulseServer.ts';
import { heapContents } from './heapContents.ts';
import { openFiles, processFigures } from './processFigures.ts';
import { RandomPanelUser, START_PRESETS } from './RandomPanelUser.ts';
import { MEMORY_SERIES, medianOf, type Soak, type SoakSample, soakMarkdown, soakSvg, verdicts } from './soakReport.ts';

const MINUTES = Number(process.env.UNMINGLE_SOAK_MINUTES ?? 10);
const SEED = Number(process.env.UNMINGLE_SOAK_SEED ?? 1);
const RATE = 48_000;
const ACTION_MILLISECONDS = 250;
const SAMPLE_SECONDS = 2;
/** Interval of the program's statuses. */
const STATUS_SECONDS = 0.5;
/** Samples are compared only while the user rests, because loaded presets and recordings use memory and time themselves. */
const BUSY_SECONDS = 30;
const REST_SECONDS = 15;
/** Time after which fades are over and garbage has been collected. */
const SETTLED_SECONDS = 7;
/** Every so many rests, each thread takes a heap snapshot, which stops it for some tenths of a second. */
const RESTS_PER_SNAPSHOT = 8;
/** Longest time between two looks of a thread for a request, and for the snapshot itself. */
const SNAPSHOT_SECONDS = 6;
/** Compiled code and caches grow for some minutes, and the history for panels holds five. */
const WARM_UP_SECONDS = Math.min(300, MINUTES * 60 * 0.5);
const PROBE = fileURLToPath(new URL('probe.mjs', import.meta.url));
const folder = temporaryFolder();
const MEGABYTE = 1e6;

const ROLES = ['the session', 'the devices', 'the engine', 'other threads'] as const;
type Role = (typeof ROLES)[number];

interface ProbeLine {
  readonly milliseconds: number;
  readonly processId: number;
  readonly role: string;
  /** Bytes in use without compiled code. */
  readonly data: number;
  readonly code: number;
  readonly handles: number;
}

it(`runs for ${MINUTES} minutes without growth or a lost device`, async () => {
  const pulse = PulseServer.isInstalled() ? await PulseServer.start(RATE) : null;
  const probes = join(folder, 'probes');
  const resting = join(probes, 'resting');
  mkdirSync(probes);
  const takes = join(folder, 'takes');
  const sound =
    pulse === null ? ['--backend', 'file'] : ['--backend', 'portaudio', '--rate', String(RATE), '--output', 'default'];
  const environment = {
    ...(pulse?.environment ?? process.env),
    UNMINGLE_SETTINGS: join(folder, 'live.json'),
    UNMINGLE_PRESETS: join(folder, 'presets'),
    UNMINGLE_SOAK_PROBE: probes,
    NODE_OPTIONS: `--import=${PROBE}`,
  };
  const words = [...sound, '--record', takes, '--speakers', START_PRESETS.join(',')];
  const live = new LiveProgram(words, environment, process.cwd(), true);
  const rests: [number, number][] = [];
  const figures: {
    seconds: number;
    resident: number;
    files: number;
    threads: number;
    latency: number;
    load: number;
  }[] = [];
  const snapshots: number[] = [];
  /** In the first rest after the warm-up, and in the latest. */
  let filesBefore: ReadonlyMap<string, number> | null = null;
  let filesNow: ReadonlyMap<string, number> = new Map();
  let player: ReturnType<PulseServer['play']> | null = null;
  try {
    await live.running();
    const started = performance.now();
    const startMilliseconds = Date.now();
    const elapsed = () => (performance.now() - started) / 1000;
    const demo = await readRecording(demoMixturePath(), 60);
    const mixture = await resample(demo.samples, demo.sampleRateHertz, RATE);
    const presets = (await new PresetLibrary().list()).map(({ name }) => name);
    const user = new RandomPanelUser(live, new Random(SEED), presets, takes);
    let nextSample = 0;
    let isResting = false;
    while (elapsed() < MINUTES * 60) {
      if (pulse !== null && (player === null || player.exitCode !== null)) player = pulse.play(mixture);
      const settledSince = rests.at(-1)?.[0] ?? Number.POSITIVE_INFINITY;
      const inCycle = elapsed() % (BUSY_SECONDS + REST_SECONDS);
      if (inCycle < BUSY_SECONDS) {
        rmSync(resting, { force: true });
        await user.act();
        isResting = false;
      } else if (!isResting) {
        await user.rest();
        isResting = true;
        rests.push([elapsed() + SETTLED_SECONDS, elapsed() + BUSY_SECONDS + REST_SECONDS - inCycle]);
      } else if (elapsed() > settledSince && !existsSync(resting)) {
        writeFileSync(resting, '');
        filesNow = openFiles(live.processId);
        if (elapsed() > WARM_UP_SECONDS) filesBefore ??= filesNow;
      } else if (elapsed() > settledSince && rests.length >= snapshots.length * RESTS_PER_SNAPSHOT + 1) {
        snapshots.push(elapsed());
        writeFileSync(join(probes, 'snapshots'), String(snapshots.length));
        await new Promise((resolve) => setTimeout(resolve, 1000 * SNAPSHOT_SECONDS));
      }
      if (elapsed() >= nextSample) {
        nextSample += SAMPLE_SECONDS;
        const { residentBytes, files, threads } = processFigures(live.processId);
        const { latency, load } = latestStatus(live);
        figures.push({
          seconds: elapsed(),
          resident: residentBytes / MEGABYTE,
          files,
          threads,
          latency: 1000 * (latency.totalSeconds - latency.algorithmSeconds),
          load: 100 * load.median,
        });
      }
      await new Promise((resolve) => setTimeout(resolve, ACTION_MILLISECONDS));
    }
    const { counters } = latestStatus(live);
    const delays = live.statuses.map(({ seconds, latency }) => ({
      seconds,
      delaySeconds: latency.totalSeconds - latency.algorithmSeconds,
    }));
    const targetDelaySeconds = medianOf(delays.map(({ delaySeconds }) => delaySeconds));
    expect(await live.stop()).toBe(0);
    const probed = readProbe(join(probes, 'probe.jsonl'), startMilliseconds);
    const contents = readSnapshots(probes, snapshots);
    const series = (name: 'resident' | 'files' | 'threads' | 'latency' | 'load'): SoakSample[] =>
      figures.map((each) => ({ seconds: each.seconds, value: each[name] }));
    const soak: Soak = {
      minutes: MINUTES,
      seed: SEED,
      date: new Date().toISOString().slice(0, 10),
      warmUpSeconds: WARM_UP_SECONDS,
      sound: pulse === null ? 'through the file backend' : 'through PortAudio and a virtual sound card (PulseAudio)',
      series: [
        { name: MEMORY_SERIES, unit: 'MB', limitPerHour: 0.5, samples: contents.objects },
        { name: 'code in the snapshots', unit: 'MB', limitPerHour: null, samples: contents.code },
        { name: 'memory in use', unit: 'MB', limitPerHour: null, samples: probed.memory },
        ...ROLES.map((role) => ({
          name: `of it ${role}`,
          unit: 'MB',
          limitPerHour: null,
          samples: probed.roles[role],
        })),
        { name: 'compiled code', unit: 'MB', limitPerHour: null, samples: probed.code },
        { name: 'resident memory', unit: 'MB', limitPerHour: null, samples: series('resident') },
        { name: 'latency of queues and devices', unit: 'ms', limitPerHour: 1, samples: series('latency') },
        { name: 'open files', unit: 'files', limitPerHour: 1, samples: series('files') },
        { name: 'threads', unit: 'threads', limitPerHour: 1, samples: series('threads') },
        { name: 'handles of the event loops', unit: 'handles', limitPerHour: 1, samples: probed.handles },
        { name: 'load, median', unit: '%', limitPerHour: null, samples: series('load') },
      ],
      rests,
      actions: user.counts,
      counters,
      targetDelaySeconds,
      delayExcess: delayExcess(delays, targetDelaySeconds, STATUS_SECONDS),
      openedFiles: [...filesNow].flatMap(([name, count]) => {
        const more = filesBefore === null ? 0 : count - (filesBefore.get(name) ?? 0);
        return more > 0 ? [`${more} ${name}`] : [];
      }),
      problems: problemsIn(live.remarks),
    };
    await writeFile(fileURLToPath(new URL('soak.md', import.meta.url)), soakMarkdown(soak));
    await writeFile(fileURLToPath(new URL('soak.svg', import.meta.url)), soakSvg(soak));
    expect(verdicts(soak).filter(({ hasGrown }) => hasGrown)).toEqual([]);
    // The report lists engine restarts, which a busy machine can cause; nothing should have caused the loss of devices.
    expect(counters.restarts).toBe(0);
  } finally {
    player?.kill();
    await live.stop();
    await pulse?.stop();
  }
});

/** @throws Error before the first status */
function latestStatus({ latest }: LiveProgram): ToldStatus {
  if (latest === undefined) throw new Error('the program has not reported a status yet');
  return latest;
}

/** Sums the latest sample of every thread at each sample of the session's thread. */
function readProbe(path: string, startMilliseconds: number) {
  if (!existsSync(path)) throw new Error('the probe has written nothing');
  const latest = new Map<string, ProbeLine>();
  const memory: SoakSample[] = [];
  const code: SoakSample[] = [];
  const handles: SoakSample[] = [];
  const roles: Record<Role, SoakSample[]> = {
    'the session': [],
    'the devices': [],
    'the engine': [],
    'other threads': [],
  };
  for (const text of readFileSync(path, 'utf8').trim().split('\n')) {
    const each = JSON.parse(text) as ProbeLine;
    latest.set(`${each.processId} ${each.role}`, each);
    if (each.role !== 'session') continue;
    // Threads that have ended send no more samples.
    const all = [...latest.values()].filter((one) => each.milliseconds - one.milliseconds < 10_000);
    const seconds = (each.milliseconds - startMilliseconds) / 1000;
    const megabytes = (lines: readonly ProbeLine[]) => lines.reduce((sum, { data }) => sum + data, 0) / MEGABYTE;
    memory.push({ seconds, value: megabytes(all) });
    code.push({ seconds, value: all.reduce((sum, one) => sum + one.code, 0) / MEGABYTE });
    for (const role of ROLES)
      roles[role].push({ seconds, value: megabytes(all.filter((one) => roleOf(one) === role)) });
    handles.push({ seconds, value: all.reduce((sum, line) => sum + line.handles, 0) });
  }
  return { memory, code, handles, roles };
}

/** Sums the heap snapshots of all threads at each of `times`; the threads of engine and devices take none. */
function readSnapshots(folder: string, times: readonly number[]) {
  const files = readdirSync(folder).filter((file) => file.endsWith('.heapsnapshot'));
  const sums = times.map((seconds, index) => {
    const contents = files
      .filter((file) => file.startsWith(`${index + 1}-`))
      .map((file) => heapContents(join(folder, file)));
    const sum = (part: 'objects' | 'code') => contents.reduce((total, each) => total + each[part], 0) / MEGABYTE;
    return { seconds, objects: sum('objects'), code: sum('code'), threads: contents.length };
  });
  const counts = new Set(sums.map(({ threads }) => threads));
  if (counts.size > 1) console.log(`the snapshots are of ${[...counts].join(', ')} threads`);
  return {
    objects: sums.map(({ seconds, objects }) => ({ seconds, value: objects })),
    code: sums.map(({ seconds, code }) => ({ seconds, value: code })),
  };
}

function roleOf({ role }: ProbeLine): Role {
  if (role === 'session') return 'the session';
  if (role === 'devices') return 'the devices';
  return role.startsWith('engine') ? 'the engine' : 'other threads';
}

/** Lines on stderr that a normal session does not print. */
function problemsIn(remarks: string): string[] {
  const usual = /^(backend|speakers|window|ready|panel|latency|recording to|nobody|stopped|the system does not allow)/;
  return [...new Set(remarks.split('\n').filter((text) => text !== '' && !usual.test(text)))];
}
