import { afterAll, beforeAll, describe } from 'vitest';
import { PortAudioBackend } from '../../../../host/audio/backend/PortAudioBackend.ts';
import { WebAudioBackend } from '../../../../host/audio/backend/WebAudioBackend.ts';
import { audioBackendContract } from '../../../contracts/audioBackend.ts';
import { PulseServer } from '../../../virtualDevices/PulseServer.ts';

const isInstalled = PulseServer.isInstalled();
if (!isInstalled && process.env.CI === 'true') throw new Error('pulseaudio is missing; .ci/run installs it');

// Skipped if not installed; fix with `apt-get install pulseaudio pulseaudio-utils libasound2-plugins`, as CI does.
describe.skipIf(!isInstalled)('on a virtual sound card', () => {
  let pulse: PulseServer;
  beforeAll(async () => {
    pulse = await PulseServer.start();
    // The sound libraries read the environment of this process.
    Object.assign(process.env, pulse.environment);
  });
  afterAll(() => pulse.stop());

  audioBackendContract('portaudio', { load: () => PortAudioBackend.load() });
  audioBackendContract('webaudio', { load: () => WebAudioBackend.load() });
});
