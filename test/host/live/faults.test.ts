import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { longestSilenceSeconds } from '../../virtualDevices/longestSilence.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { LiveProgram } from './LiveProgram.ts';

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

/** Plays the demo mixture into a file, both voices at unity: what is heard is the input, delayed, whatever way it takes. */
async function start(words: readonly string[] = SPEAKERS) {
  const own = join(folder, String(++runs));
  const faults = join(own, 'faults');
  await mkdir(faults, { recursive: true });
  const output = join(own, 'heard.wav');
  live = new LiveProgram(['--backend', 'file', '--output', output, '--record', join(own, 'takes'), ...words], {
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
    cause: (fault: string) => writeFileSync(join(faults, fault), ''),
    /** Longest silence, from the first sound on. */
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
  'the engine may %s: the input goes on, and a new engine takes over by itself',
  async (fault) => {
    const { live, cause, silence } = await start();
    await seconds(2.5);
    cause(fault);
    await live.until(() => live.latest!.counters.engineRestarts === 1, 10);
    expect(live.remarks).toContain('the engine has been restarted');
    const { counters } = live.latest!;
    expect(counters.detours).toBeGreaterThan(0);
    // The new engine is heard: the detour does not get longer any more, and the speakers are loaded again.
    await live.until(() => live.latest!.latency.algorithmSeconds > 0, 10);
    await seconds(1.5);
    const before = live.latest!.counters.detourSamples;
    await seconds(1.5);
    expect(live.latest!.counters.detourSamples - before).toBeLessThan(16_000);
    expect(live.latest!.counters.engineRestarts).toBe(1);
    expect(live.latest!.counters.restarts).toBe(0);
    expect(await silence()).toBeLessThan(0.1);
  },
  40_000,
);
