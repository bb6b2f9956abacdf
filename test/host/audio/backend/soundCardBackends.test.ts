import { afterAll, beforeAll, describe } from 'vitest';
import { PortAudioBackend } from '../../../../host/audio/backend/PortAudioBackend.ts';
import { WebAudioBackend } from '../../../../host/audio/backend/WebAudioBackend.ts';
import { audioBackendContract } from '../../../contracts/audioBackend.ts';
import { PulseServer } from '../../../virtualDevices/PulseServer.ts';

const isInstalled = PulseServer.isInstalled();
if (!isInstalled && process.env.CI === 'true') throw new Error('pulseaudio is missing; .ci/run installs it');

// Not installed: `apt-get install pulseaudio pulseaudio-utils libasound2-plugins` mends it; CI does.
describe.skipIf(!isInstalled)('on a virtual sound card', () => {
  let pulse: PulseServer;
  beforeAll(async () => {
    pulse = await PulseServer.start();
    // The sound libraries look into the environment of this very process.
    Object.assign(process.env, pulse.environment);
  });
  afterAll(() => pulse.stop());

  audioBackendContract('portaudio', { load: () => PortAudioBackend.load() });
  audioBackendContract('webaudio', { load: () => WebAudioBackend.load() });
});
