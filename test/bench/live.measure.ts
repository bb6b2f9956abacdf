import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, it } from 'vitest';
import { readRecording } from '../../host/audio/readRecording.ts';
import { resample } from '../../host/audio/resample.ts';
import { DEMO_SPEAKERS, demoMixturePath, demoVoicePath } from '../../host/files/demoFiles.ts';
import { temporaryFolder } from '../host/temporaryFolder.ts';
import { type LiveRun, liveTable, measureLive } from '../virtualDevices/liveMeasurement.ts';

const REPORT = fileURLToPath(new URL('live.md', import.meta.url));
const LONG_SECONDS = Number(process.env.UNMINGLE_MEASURE_LONG_SECONDS ?? 600);

const RUNS: readonly LiveRun[] = [
  { name: '48 kHz, Call', rateHertz: 48_000, latency: 'call' },
  { name: '16 kHz, Call', rateHertz: 16_000, latency: 'call' },
  { name: '48 kHz, Monitor', rateHertz: 48_000, latency: 'monitor' },
  { name: '48 kHz, Call, through Web Audio', rateHertz: 48_000, latency: 'call', backend: 'webaudio' },
  { name: '48 kHz, Call, presets swapped', rateHertz: 48_000, latency: 'call', swapPauseSeconds: 0.1 },
  {
    name: '48 kHz, Call, four speakers loaded',
    rateHertz: 48_000,
    latency: 'call',
    bystanders: ['librispeech-367', 'librispeech-2033'],
  },
  {
    name: '48 kHz, Call, every core taken by another program',
    rateHertz: 48_000,
    latency: 'call',
    burners: cpus().length,
  },
  { name: '48 kHz, Monitor, long', rateHertz: 48_000, latency: 'monitor', seconds: LONG_SECONDS },
];

const rows: string[][] = [];
const folder = temporaryFolder();

it.each(RUNS)('$name', async (run) => {
  const [mixture, voice] = await Promise.all([
    readAt(demoMixturePath(), run.rateHertz),
    readAt(demoVoicePath(DEMO_SPEAKERS[0]), run.rateHertz),
  ]);
  const row = await measureLive(run, { presets: DEMO_SPEAKERS, mixture, voice }, folder);
  console.log(row.join(' | '));
  rows.push(row);
});

afterAll(async () => {
  if (rows.length < RUNS.length) return;
  const intro = (await readFile(REPORT, 'utf8')).split('\n| run |', 1).join('');
  await writeFile(REPORT, `${intro}\n${liveTable(rows)}\n`);
});

async function readAt(path: string, rateHertz: number): Promise<Float32Array> {
  const { samples, sampleRateHertz } = await readRecording(path, 60);
  return resample(samples, sampleRateHertz, rateHertz);
}
