import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostMessage } from '../../../host/protocol/hostMessages.ts';
import type { LiveState } from '../../../host/protocol/LiveState.ts';
import { PulseServer } from '../../virtualDevices/PulseServer.ts';
import { LiveProgram } from '../LiveProgram.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const RATE = 48_000;
const isInstalled = PulseServer.isInstalled();
if (!isInstalled && process.env.CI === 'true') throw new Error('pulseaudio is missing; .ci/run installs it');

/** Microphones of the sound server, each with a tone in front of it. */
const MICROPHONES = { low: 500, high: 1700 } as const;
/** As other programs list it. */
const VIRTUAL = 'unmingle-microphone';
const HEARD_SECONDS = 0.4;

/** Mean power of a frequency in the latest part of a recording. */
function power(heard: Float32Array, hertz: number): number {
  const samples = heard.subarray(-HEARD_SECONDS * RATE);
  let [real, imaginary] = [0, 0];
  for (const [n, sample] of samples.entries()) {
    real += sample * Math.cos((2 * Math.PI * hertz * n) / RATE);
    imaginary += sample * Math.sin((2 * Math.PI * hertz * n) / RATE);
  }
  return (real ** 2 + imaginary ** 2) / samples.length ** 2;
}

// Skipped if not installed; fix with `apt-get install pulseaudio pulseaudio-utils libasound2-plugins`, as CI does.
describe.skipIf(!isInstalled)('unmingle live with the devices of a sound server', () => {
  let pulse: PulseServer;
  let program: LiveProgram | null = null;
  const modules: Partial<Record<keyof typeof MICROPHONES, string>> = {};
  const folder = temporaryFolder();

  beforeAll(async () => {
    pulse = await PulseServer.start(RATE);
    for (const [name, hertz] of Object.entries(MICROPHONES)) {
      await pulse.pactl('load-module', 'module-null-sink', `sink_name=${name}-air`, 'channels=1', `rate=${RATE}`);
      await pulse.pactl('load-module', 'module-sine', `sink=${name}-air`, `frequency=${hertz}`);
      await plugIn(name as keyof typeof MICROPHONES);
    }
  });
  afterAll(() => pulse.stop());
  afterEach(async () => {
    await program?.stop();
    program = null;
  });

  async function plugIn(name: keyof typeof MICROPHONES): Promise<void> {
    const properties = `source_properties='device.description="Müller ${name}"'`;
    const source = ['module-remap-source', `source_name=mic-${name}`, `master=${name}-air.monitor`, properties];
    modules[name] = (await pulse.pactl('load-module', ...source)).trim();
  }

  function start(words: readonly string[]): LiveProgram {
    program = new LiveProgram(['--backend', 'portaudio', '--rate', String(RATE), ...words], {
      ...pulse.environment,
      UNMINGLE_SETTINGS: join(folder, 'live.json'),
    });
    return program;
  }

  /** Listens to the virtual microphone until it carries one of the tones alone. */
  async function hears(name: keyof typeof MICROPHONES): Promise<void> {
    const recording = pulse.listen(VIRTUAL);
    try {
      await expect
        .poll(
          () => {
            const [low, high] = Object.values(MICROPHONES).map((hertz) => power(recording.latest, hertz));
            return low! > 1000 * high! && low! > 1e-4 ? 'low' : high! > 1000 * low! && high! > 1e-4 ? 'high' : null;
          },
          { timeout: 8000, interval: 100 },
        )
        .toBe(name);
    } finally {
      await recording.stop();
    }
  }

  const sources = async () =>
    (await pulse.pactl('list', 'short', 'sources')).split('\n').map((line) => line.split('\t')[1]);

  it('hears the chosen source through the virtual microphone, follows a change, and waits for a removed one', async () => {
    const live = start(['--input', 'müller high', '--send', 'virtual-mic']);
    await live.running();
    await hears('high');
    let state: Partial<LiveState> = {};
    const panel = await live.connect();
    panel.on('message', (data, isBinary) => {
      const message = isBinary ? null : (JSON.parse(String(data)) as HostMessage);
      if (message?.type === 'state') state = { ...state, ...message.state };
    });
    await live.request({ type: 'setDevices', input: 'mic-low' });
    expect(state).toMatchObject({ inputName: 'Müller low', sendName: 'Virtual microphone' });
    expect(state.devices!.map(({ id }) => id)).not.toContain(VIRTUAL);
    await hears('low');

    await pulse.pactl('unload-module', modules.low!);
    await live.until(() => state.phase === 'waiting', 5);
    expect(live.remarks).toContain('"Müller low" has been removed');
    await plugIn('low');
    await live.until(() => state.phase === 'running', 10);
    await hears('low');
    panel.terminate();
    expect(await live.stop()).toBe(0);
    expect(await sources()).not.toContain(VIRTUAL);
  }, 60_000);

  it('removes the virtual microphone of a killed session when the next one starts', async () => {
    const killed = start(['--input', 'mic-low', '--send', 'virtual-mic']);
    await killed.running();
    await killed.stop('SIGKILL');
    expect(await sources()).toContain(VIRTUAL);
    const live = start(['--input', 'mic-low']);
    await live.running();
    expect(await sources()).not.toContain(VIRTUAL);
  }, 60_000);
});
