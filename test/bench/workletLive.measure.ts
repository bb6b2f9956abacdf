import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readRecording } from '../../host/audio/readRecording.ts';
import { resample } from '../../host/audio/resample.ts';
import { demoMixturePath } from '../../host/files/demoFiles.ts';
import { PulseServer } from '../virtualDevices/PulseServer.ts';
import { trackDelay, unwantedSilences } from './overload/delayTrack.ts';

const SECONDS = 20;
const RATE = 48_000;

/** `npx vitest run --config test/bench/vitest.config.ts test/bench/workletLive`: processor load of the node in node-web-audio-api, live on a virtual sound card. */
it.each(['monitor', 'call'])(
  'the default voices at 48 kHz, live in node-web-audio-api, %s',
  async (latency) => {
    const mixture = await readRecording(demoMixturePath(), 60);
    const sound = await resample(mixture.samples, mixture.sampleRateHertz, RATE);
    const pulse = await PulseServer.start(RATE);
    const script = fileURLToPath(new URL('workletLive.mjs', import.meta.url));
    const child = spawn(process.execPath, [script, String(SECONDS + 3), latency], { env: pulse.environment });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    try {
      await expect.poll(() => said, { timeout: 20_000 }).toContain('running');
      const recording = pulse.record();
      pulse.play(Float32Array.from({ length: SECONDS * RATE }, (_, n) => sound[n % sound.length]!));
      await ended;
      const { microphone, loudspeaker } = await recording.stop();
      const points = trackDelay(microphone, loudspeaker, RATE).filter(({ isPause }) => !isPause);
      const delays = points
        .flatMap(({ delaySeconds }) => (delaySeconds === null ? [] : [delaySeconds]))
        .toSorted((a, b) => a - b);
      const silences = unwantedSilences(microphone, loudspeaker, RATE, 0.003);
      const { share } = JSON.parse(said.split('\n').find((line) => line.startsWith('{'))!) as { share: number };
      const milliseconds = (seconds: number | undefined) =>
        seconds === undefined ? '-' : `${(1000 * seconds).toFixed(1)} ms`;
      console.log(
        `${latency}: ${delays.length} of ${points.length} windows of 50 ms heard, delay ${milliseconds(delays[delays.length >> 1])} (${milliseconds(delays[0])} to ${milliseconds(delays.at(-1))}), ${silences.length} silences, ${(100 * share).toFixed(0)} % of a core`,
      );
      expect(points.length).toBeGreaterThan(0);
    } finally {
      child.kill('SIGKILL');
      await pulse.stop();
    }
  },
  120_000,
);
