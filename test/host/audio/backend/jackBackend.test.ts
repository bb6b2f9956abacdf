import { afterAll, beforeAll, describe } from 'vitest';
import { WebAudioBackend } from '../../../../host/audio/backend/WebAudioBackend.ts';
import { audioBackendContract } from '../../../contracts/audioBackend.ts';
import { JackServer } from '../../../virtualDevices/JackServer.ts';

const isInstalled = JackServer.isInstalled();
if (!isInstalled && process.env.CI === 'true') throw new Error('jackd2 is missing; .ci/run installs it');

// Not installed: `apt-get install jackd2` mends it; CI does.
describe.skipIf(!isInstalled)('on JACK', () => {
  let jack: JackServer;
  beforeAll(async () => {
    jack = await JackServer.start();
    // The sound library looks into the environment of this very process.
    Object.assign(process.env, jack.environment);
  });
  afterAll(() => jack.stop());

  audioBackendContract('webaudio', { load: () => WebAudioBackend.load() });
});
