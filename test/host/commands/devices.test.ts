import { expect, test } from 'vitest';
import { runCommand } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

test.skipIf(process.platform !== 'linux')(
  'devices --json answers an empty list with the reason of each backend where there is no sound',
  async () => {
    // Without a sound server and an ALSA configuration, PortAudio ends the process that loads it.
    const silence = { PULSE_SERVER: 'unix:/nowhere', ALSA_CONFIG_PATH: '/dev/null', JACK_NO_START_SERVER: '1' };
    const { code, stdout, stderr } = await runCommand(['devices', '--json'], temporaryFolder(), silence);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      backend: null,
      devices: [],
      reasons: [
        { backend: 'portaudio', happened: expect.any(String), remedy: expect.any(String) },
        { backend: 'webaudio', happened: expect.any(String), remedy: expect.any(String) },
      ],
    });
  },
);
