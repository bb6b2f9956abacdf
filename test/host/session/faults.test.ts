import { rmSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { randomPreset } from '../../engine/syntheticVoice.ts';
import { longestSilenceSeconds } from '../../virtualDevices/longestSilence.ts';
import { LiveProgram } from '../LiveProgram.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const FAULTS = fileURLToPath(new URL('../../virtualDevices/engineFaults.mjs', import.meta.url));
const DEMO = fileURLToPath(new URL('../../../presets/demo/mixture.flac', import.meta.url));
const SPEAKERS = ['--speakers', 'synthetic-female,synthetic-male'];
const folder = temporaryFolder();
const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, 1000 * count));

let live: LiveProgram | null = null;
let runs = 0;
afterEach(async () => {
  await live?.stop();
  live = null;
});

/**
 * Plays the demo mixture into a file, or discards the output and records takes. Both voices are at unity, so the output is the delayed
 * input, separated or not.
 */
async function start(hasFile = true) {
  const own = join(folder, String(++runs));
  const faults = join(own, 'faults');
  await mkdir(faults, { recursive: true });
  const output = join(own, 'heard.wav');
  const words = hasFile ? ['--output', output] : ['--record', join(own, 'takes')];
  live = new LiveProgram(['--backend', 'file', ...SPEAKERS, ...words], {
    ...process.env,
    UNMINGLE_SETTINGS: join(own, 'live.json'),
    UNMINGLE_PRESETS: join(own, 'presets'),
    NODE_OPTIONS: `--import=${FAULTS}`,
    UNMINGLE_TEST_FAULTS: faults,
  });
  await live.running();
  return {
    own,
    live,
    cause: (fault: string, content = '') => writeFileSync(join(faults, fault), content),
    end: (fault: string) => rmSync(join(faults, fault), { force: true }),
    /** Longest silence after the first sound, in seconds, beyond that of the original. */
    async silence(): Promise<number> {
      await live!.stop();
      const { samples, sampleRateHertz } = await readRecording(output, 300);
      const original = await readRecording(DEMO, 60);
      return (
        longestSilenceSeconds(samples, sampleRateHertz) -
        longestSilenceSeconds(original.samples, original.sampleRateHertz)
      );
    },
  };
}

it.each(['die', 'hang', 'spin'])(
  'if the engine should %s, the input goes on and one new engine takes over',
  async (fault) => {
    const { live, cause, silence } = await start();
    await seconds(2.5);
    cause(fault);
    await live.until(() => live.latest!.counters.engineRestarts === 1, 10);
    expect(live.remarks).toContain('the engine has been restarted');
    const { counters } = live.latest!;
    expect(counters.dryFallbacks).toBeGreaterThan(0);
    // The new engine plays: the dry fallback has ended, and the speakers are loaded again.
    await live.until(() => live.latest!.latency.algorithmSeconds > 0, 10);
    await seconds(1.5);
    const before = live.latest!.counters.dryFallbackSamples;
    await seconds(1.5);
    expect(live.latest!.counters.dryFallbackSamples - before).toBeLessThan(16_000);
    expect(live.latest!.counters.engineRestarts).toBe(1);
    expect(live.latest!.counters.restarts).toBe(0);
    expect(await silence()).toBeLessThan(0.1);
  },
  40_000,
);

it('under twice the load that the machine can carry the input keeps playing, and the voices return afterwards', async () => {
  const { live, cause, end, silence } = await start();
  await seconds(1.5);
  cause('steal', '2');
  await live.until(() => live.latest!.overload === 'bypass', 10);
  await seconds(1);
  expect(live.latest!.counters.bypassedSamples).toBeGreaterThan(0);
  end('steal');
  await live.until(() => live.latest!.overload !== 'bypass', 20);
  expect(live.latest!.counters.restarts).toBe(0);
  expect(await silence()).toBeLessThan(0.1);
}, 60_000);

it('a full disk ends a recording with a message; the files are readable, and the next recording works', async () => {
  const { own, live, cause, end } = await start(false);
  await seconds(2);
  cause('full');
  await live.until(() => live.remarks.includes('the disk is full'), 10);
  end('full');
  const [take] = await readdir(join(own, 'takes'));
  const stems = (await readdir(join(own, 'takes', take!))).filter((name) => name.endsWith('.wav'));
  expect(stems.length).toBe(5);
  for (const stem of stems) {
    const { samples } = await readRecording(join(own, 'takes', take!, stem), 60);
    expect(samples.length).toBeGreaterThan(8000);
  }
  await live.control({ type: 'startRecording' });
  await seconds(2);
  const { counters } = live.latest!;
  expect([counters.restarts, counters.engineRestarts]).toEqual([0, 0]);
  await live.stop();
  const second = (await readdir(join(own, 'takes'))).find((name) => name !== take)!;
  const { samples } = await readRecording(join(own, 'takes', second, 'mix.wav'), 60);
  expect(samples.length).toBeGreaterThan(8000);
}, 40_000);

it('a flood of messages does not disturb the audio; connections that cause it are closed', async () => {
  const { live, silence } = await start();
  await seconds(1.5);
  let closed = 0;
  for (let round = 0; round < 20; round++) {
    const socket = await live.connect();
    socket.on('error', () => {});
    socket.on('close', () => closed++);
    for (let n = 0; n < 3000; n++) {
      socket.send(n % 3 === 0 ? '{"type":"setSpeaker","slot":' : '{"type":"setSpeaker","slot":0,"gainDecibels":0}');
      if (n === 2000) socket.send('x'.repeat(1_000_000));
    }
    await seconds(0.1);
  }
  const count = live.statuses.length;
  await live.until(() => live.statuses.length > count + 3, 15);
  expect(closed).toBe(20);
  expect(live.latest!.counters.restarts + live.latest!.counters.engineRestarts).toBe(0);
  expect(await silence()).toBeLessThan(0.1);
}, 60_000);

it('hostile presets stop neither audio nor engine: broken ones are refused, extreme ones are harmless', async () => {
  const { own, live, silence } = await start();
  const presets = join(own, 'presets');
  await mkdir(presets, { recursive: true });
  const preset = randomPreset('hostile', 8, 1);
  // The largest weights that a file may hold; the network limits its output.
  const layers = preset.layers.map((layer) => ({ ...layer, weightScale: 1000, biasScale: 1000 }));
  const text = serializePreset({ ...preset, layers });
  await writeFile(join(presets, 'hostile.unmingle.json'), text);
  await writeFile(join(presets, 'cut.unmingle.json'), text.slice(0, 900));
  await writeFile(join(presets, 'endless.unmingle.json'), '['.repeat(100_000));
  await seconds(1);
  for (const name of ['cut', 'endless', 'hostile']) await live.control({ type: 'loadPreset', slot: 1, preset: name });
  await seconds(2);
  const { counters } = live.latest!;
  expect([counters.restarts, counters.engineRestarts, counters.invalidSamples]).toEqual([0, 0, 0]);
  expect(await silence()).toBeLessThan(0.1);
}, 40_000);
