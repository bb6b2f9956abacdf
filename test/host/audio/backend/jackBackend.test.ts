import { afterAll, beforeAll, describe } from 'vitest';
import { WebAudioBackend } from '../../../../host/audio/backend/WebAudioBackend.ts';
import { audioBackendContract } from '../../../contracts/audioBackend.ts';
import { JackServer } from '../../../virtualDevices/JackServer.ts';

const isInstalled = JackServer.isInstalled();
if (!isInstalled && process.env.CI === 'true') throw new Error('jackd2 is missing; .ci/run installs it');

// Skipped if not installed; fix with `apt-get install jackd2`, as CI does.
describe.skipIf(!isInstalled)('on JACK', () => {
  let jack: JackServer;
  beforeAll(async () => {
    jack = await JackServer.start();
    // The sound library reads the environment of this process.
    Object.assign(process.env, jack.environment);
  });
  afterAll(() => jack.stop());

  audioBackendContract('webaudio', { load: () => WebAudioBackend.load() });
});
