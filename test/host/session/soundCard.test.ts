import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { siSdr } from '../../../engine/evaluation/siSdr.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { resample } from '../../../host/audio/resample.ts';
import type { HostMessage } from '../../../host/protocol/hostMessages.ts';
import type { LiveState } from '../../../host/protocol/LiveState.ts';
import { findDelay } from '../../virtualDevices/delay.ts';
import { MICROPHONE, PulseServer } from '../../virtualDevices/PulseServer.ts';
import { LiveProgram } from '../LiveProgram.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const RATE = 48_000;
const PRESETS = fileURLToPath(new URL('../../../presets', import.meta.url));
const isInstalled = PulseServer.isInstalled();
if (!isInstalled && process.env.CI === 'true') throw new Error('pulseaudio is missing; .ci/run installs it');

const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, 1000 * count));
const readAt = async (name: string) => {
  const { samples, sampleRateHertz } = await readRecording(join(PRESETS, 'demo', `${name}.flac`), 60);
  return resample(samples, sampleRateHertz, RATE);
};

/** SI-SDR of each second, aligned separately, so that a gap in one second does not affect the others. */
function heardSiSdr(reference: Float32Array, heard: Float32Array, firstSecond: number, endSecond: number) {
  const each: number[] = [];
  for (let second = firstSecond; second < endSecond; second++) {
    const start = second * RATE;
    const delay = findDelay(reference, heard, start, RATE);
    each.push(siSdr(reference.subarray(start, start + RATE), heard.subarray(start + delay, start + delay + RATE)));
  }
  return each;
}

// Skipped if not installed; fix with `apt-get install pulseaudio pulseaudio-utils libasound2-plugins`, as CI does.
describe.skipIf(!isInstalled)('unmingle live on a virtual sound card', () => {
  let pulse: PulseServer;
  let program: LiveProgram | null = null;
  const folder = temporaryFolder();
  beforeAll(async () => {
    pulse = await PulseServer.start(RATE);
  });
  afterAll(() => pulse.stop());
  afterEach(async () => {
    await program?.stop();
    program = null;
  });

  function start(words: string[], environment: NodeJS.ProcessEnv = {}): LiveProgram {
    program = new LiveProgram(['--backend', 'portaudio', '--rate', String(RATE), '--output', 'default', ...words], {
      ...pulse.environment,
      ...environment,
      UNMINGLE_SETTINGS: join(folder, 'live.json'),
    });
    return program;
  }

  it('plays a soloed voice, as well separated as from a file, with the reported latency', async () => {
    const [mixture, female] = await Promise.all([readAt('mixture'), readAt('synthetic-female')]);
    const live = start(['--latency', 'call', '--speakers', 'synthetic-female,synthetic-male']);
    await live.running();
    const recording = pulse.record();
    await seconds(0.5);
    pulse.play(mixture);
    await seconds(3);
    const passing = live.statuses.length;
    await live.control({ type: 'setSpeaker', slot: 0, isSoloed: true });
    await seconds(mixture.length / RATE - 2.5);
    const { microphone, loudspeaker } = await recording.stop();
    const isSound = (value: number) => value !== 0;
    const start48 = microphone.findIndex(isSound) - mixture.findIndex(isSound);
    // While no voice is soloed the output is the delayed input.
    const delay = findDelay(microphone, loudspeaker, start48 + RATE, RATE);
    const claimed = live.statuses[passing - 1]!.latency.totalSeconds;
    const measured = heardSiSdr(female, loudspeaker.subarray(start48), 4, 9);
    // The best second counts: a busy machine may disturb some of them.
    expect(Math.max(...measured)).toBeGreaterThan(7);
    expect(Math.abs(delay / RATE - claimed)).toBeLessThan(0.015);
  }, 60_000);

  it('finds the channel of a stereo input that sounds, and says so', async () => {
    // The left channel is the microphone, the right one the loudspeaker, which is silent.
    await pulse.pactl('set-default-source', 'bus.monitor');
    try {
      const live = start(['--channel', 'best', '--output', 'none', '--speakers', 'synthetic-female,synthetic-male']);
      await live.running();
      expect(live.latest!.inputChoice).toBeNull();
      const player = pulse.play(await readAt('mixture'));
      const choice = 'input "default": 1 of 2 channels is silent; channel 1 is used';
      await live.until(() => live.latest!.inputChoice === choice, 20);
      expect(live.remarks).toContain(choice);
      player.kill();
    } finally {
      await pulse.pactl('set-default-source', MICROPHONE);
    }
  }, 60_000);

  it('recovers after a restart of the sound server, and after the devices were unplugged', async () => {
    const live = start(['--speakers', 'synthetic-female,synthetic-male']);
    await live.running();
    await seconds(1);
    await pulse.crash();
    await live.until(() => live.latest!.phase === 'waiting' || live.remarks.includes('trying again'), 5);
    await pulse.boot();
    await live.until(() => live.remarks.includes('sound is back'), 15);
    await live.until(() => live.latest!.counters.restarts === 1, 5);
    await pulse.unplug();
    await seconds(2);
    await pulse.plugIn();
    const samples = live.statuses.length;
    await live.until(() => live.statuses.length > samples + 3, 15);
    expect(await live.stop()).toBe(0);
  }, 60_000);

  it('lists a headset that is plugged in while it runs, plays to it, and removes it when it is unplugged', async () => {
    const live = start(['--speakers', 'synthetic-female,synthetic-male']);
    await live.running();
    const panel = await live.connect();
    let state: Partial<LiveState> = {};
    panel.on('message', (data, isBinary) => {
      const message = isBinary ? null : (JSON.parse(String(data)) as HostMessage);
      if (message?.type === 'state') state = { ...state, ...message.state };
    });
    const headset = () => state.devices?.find(({ name }) => name === 'headset');
    await live.until(() => state.devices !== undefined, 5);
    expect(headset()).toBeUndefined();

    // The backend lists ALSA devices; a sink of the sound server is one if the ALSA configuration names it.
    const configuration = pulse.environment.ALSA_CONFIG_PATH!;
    const before = await readFile(configuration, 'utf8');
    const sink = await pulse.pactl('load-module', 'module-null-sink', 'sink_name=headset', `rate=${RATE}`);
    await writeFile(configuration, `${before}pcm.headset { type pulse device headset }\n`);
    const looking = setInterval(() => panel.send('{"type":"refreshDevices"}'), 500);
    try {
      await live.until(() => headset() !== undefined, 30);
      await live.control({ type: 'setDevices', output: headset()!.id });
      await live.until(() => state.outputName === 'headset' && state.phase === 'running', 30);
      const recording = pulse.listen('headset.monitor');
      pulse.play(await readAt('mixture'));
      await seconds(4);
      const heard = await recording.stop();
      expect(heard.some((value) => Math.abs(value) > 0.01)).toBe(true);

      await live.control({ type: 'setDevices', output: null });
      await live.until(() => state.outputName !== 'headset' && state.phase === 'running', 30);
      await writeFile(configuration, before);
      await pulse.pactl('unload-module', sink.trim());
      await live.until(() => headset() === undefined, 30);
    } finally {
      clearInterval(looking);
      panel.terminate();
      await writeFile(configuration, before);
    }
  }, 120_000);

  it('plays to a virtual microphone, a null sink that a call program records', async () => {
    await pulse.pactl('load-module', 'module-null-sink', 'sink_name=call', 'channels=1', `rate=${RATE}`);
    const mixture = await readAt('mixture');
    const live = start(['--speakers', 'synthetic-female,synthetic-male'], { PULSE_SINK: 'call' });
    await live.running();
    const recordings = [pulse.listen('call.monitor'), pulse.listen('unmingle-speaker.monitor')];
    pulse.play(mixture);
    await seconds(3);
    const [call, loudspeaker] = await Promise.all(recordings.map((recording) => recording.stop()));
    expect(call!.some((value) => Math.abs(value) > 0.01)).toBe(true);
    expect(loudspeaker!.every((value) => value === 0)).toBe(true);
  }, 40_000);
});
