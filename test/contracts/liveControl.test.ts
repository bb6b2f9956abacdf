import { join } from 'node:path';
import { filter, firstValueFrom } from 'rxjs';
import { vi } from 'vitest';
import { AudioError } from '../../host/audio/backend/AudioError.ts';
import type { AdaptationLibrary, AdaptationSource, KeptAdaptation } from '../../host/library/AdaptationLibrary.ts';
import { PresetLibrary } from '../../host/library/PresetLibrary.ts';
import { LiveSession } from '../../host/session/LiveSession.ts';
import { defaultSettings, speakerStrips } from '../../host/session/liveSettings.ts';
import { SessionStore } from '../../host/session/SessionStore.ts';
import { FakeRecordingWorker } from '../host/recording/FakeRecordingWorker.ts';
import { FakeAudioProcess } from '../host/session/FakeAudioProcess.ts';
import { SIMULATED_DEVICES } from '../host/session/simulatedDevices.ts';
import { SimulatedSession } from '../ui/SimulatedSession.ts';
import { describeLiveControl } from './liveControl.ts';

/** Adaptations are learnt when a test says so. */
const learner = vi.hoisted(() => ({ finish: () => {} }));

vi.mock('../../host/session/AudioProcess.ts', async () => {
  const { FakeAudioProcess } = await import('../host/session/FakeAudioProcess.ts');
  return { AudioProcess: FakeAudioProcess };
});
vi.mock('../../host/library/AdaptationLibrary.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../host/library/AdaptationLibrary.ts')>();
  class HeldAdaptationLibrary extends original.AdaptationLibrary {
    override async find(): Promise<null> {
      return null;
    }
    override adapt(
      _: AdaptationSource,
      { signal }: Parameters<AdaptationLibrary['adapt']>[1],
    ): Promise<KeptAdaptation> {
      return new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
        learner.finish = () =>
          resolve({ text: '', adaptation: { frequenciesHertz: new Float64Array(1), logGains: [] } as never });
      });
    }
  }
  return { ...original, AdaptationLibrary: HeldAdaptationLibrary };
});
// Sessions look for the virtual microphones that others have left.
vi.mock('../../host/soundServer/pactl.ts', async (importOriginal) => ({
  ...(await importOriginal<typeof import('../../host/soundServer/pactl.ts')>()),
  pactlProgram: () => () => Promise.reject(new AudioError('no-audio-system', 'no sound server', 'start it')),
}));
vi.mock('../../host/recording/RecordingThread.ts', async () => {
  const { FakeRecordingWorker } = await import('../host/recording/FakeRecordingWorker.ts');
  return { startRecordingThread: () => new FakeRecordingWorker() };
});
vi.mock('../../host/voices/VoiceFinderThread.ts', async () => {
  const { FakeVoiceFinder } = await import('../host/voices/FakeVoiceFinder.ts');
  return { startVoiceFinder: () => new FakeVoiceFinder() };
});
vi.mock('../../host/workers/TrainerThread.ts', async () => {
  const { trainFound } = await import('../host/voices/FakeVoiceFinder.ts');
  return { trainInThread: trainFound };
});

describeLiveControl('the live session', async ({ folders, folder, speakers, isAdapting }) => {
  FakeAudioProcess.reset();
  FakeAudioProcess.devices = SIMULATED_DEVICES;
  const session = await LiveSession.start({
    library: new PresetLibrary(folders),
    store: await SessionStore.read(join(folder, 'live.json')),
    settings: defaultSettings({ speakers: speakerStrips(speakers) }),
    isLastUsedLoaded: false,
    isAdapting,
    recordingFolder: join(folder, 'takes'),
    openFolder: async () => {},
    onNotice: () => {},
  });
  return {
    session,
    takesFolder: join(folder, 'takes'),
    holdSpeakers(hold) {
      FakeAudioProcess.before = ([name]) => (name === 'speakerSet' ? hold.wait() : undefined);
    },
    hear: () => FakeAudioProcess.latest.hear(),
    finishAdaptation: () => learner.finish(),
    async loseDevices() {
      FakeAudioProcess.before = ([name]) => {
        if (name === 'open') throw new AudioError('gone', 'the device is gone', 'plug it in');
      };
      FakeAudioProcess.latest.lose();
      await firstValueFrom(session.state$.pipe(filter(({ phase }) => phase === 'waiting')));
      // The attempt to open the device again states why it fails.
      await firstValueFrom(session.state$.pipe(filter(({ problem }) => problem?.includes('plug it in') === true)));
    },
    close: () => session.close(),
  };
});

describeLiveControl('the simulated session', async ({ folders, speakers, isAdapting }) => {
  const session = await SimulatedSession.start({
    folders,
    speakers,
    isAdapting,
    startRecordingWorker: () => new FakeRecordingWorker(),
  });
  return {
    session,
    takesFolder: session.takesFolder,
    holdSpeakers(hold) {
      session.devices.beforeSpeakers = () => hold.wait();
    },
    hear: () => session.hear(),
    finishAdaptation: () => learner.finish(),
    loseDevices: async () => session.devices.lose(),
    close: async () => session.close(),
  };
});
