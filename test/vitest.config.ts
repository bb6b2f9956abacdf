import { defineConfig } from 'vitest/config';
import { builtWorkers } from './builtWorkers.ts';

/** Tests that wait for sound, deadlines, sockets or pages most of the time: two run at once, without the computations of the other tests. */
const WAITING = [
  'test/host/audio/backend/FileBackend.test.ts',
  'test/host/panel/PanelSocket.test.ts',
  'test/host/panel/misbehavingPanel.test.ts',
  'test/host/rpc/CallableThread.test.ts',
  'test/host/session/hungAudioProcess.test.ts',
  'test/host/session/hungSession.test.ts',
  'test/host/audioProcess/LiveAudio.test.ts',
  'test/host/commands/enrol.test.ts',
  'test/host/commands/live.test.ts',
  'test/host/commands/liveStdout.test.ts',
  'test/host/commands/liveStems.test.ts',
  'test/ui/everyScreen.test.ts',
  'test/ui/login.test.ts',
  'test/ui/midi.test.ts',
  'test/ui/mixerControls.test.ts',
  'test/ui/pageExamples.test.ts',
  'test/ui/recording.test.ts',
  'test/ui/settingTabs.test.ts',
  'test/ui/shell.test.ts',
  'test/ui/texts/germanPanel.test.ts',
  'test/ui/visualizerControls.test.ts',
  'test/ui/voiceTabs.test.ts',
];
/** Tests that measure time, listen to a session in real time, or need a sound card: one runs at a time. */
const REAL_TIME = [
  'test/contracts/pluginTiming.test.ts',
  'test/engine/core/Seqlock.test.ts',
  'test/engine/evaluation/bssEval.test.ts',
  'test/ui/load.test.ts',
  'test/ui/look.test.ts',
  'test/ui/sound.test.ts',
  'test/ui/webEdition.test.ts',
  'test/ui/worklet.test.ts',
  'test/host/session/faults.test.ts',
  'test/host/session/soundCard.test.ts',
  'test/host/session/soundServer.test.ts',
  'test/host/audio/backend/soundCardBackends.test.ts',
  'test/host/audio/backend/jackBackend.test.ts',
];
/** The whole benchmark, experiments of the lab, and comparisons of methods, which take four minutes of a core: CI runs them at night only. */
const NIGHTLY = [
  'test/host/commands/benchRun.test.ts',
  'test/host/lab/conversation/evaluateConversation.test.ts',
  'test/host/lab/evaluation/guard.test.ts',
  'test/host/lab/evaluation/paper.test.ts',
  'test/host/lab/evaluation/separationMethods.test.ts',
  'test/host/lab/experiments/ConstantQSeparation.test.ts',
  'test/host/lab/experiments/pointExperiments.test.ts',
];
/** Folders of pure functions and short tests, which share a process: starting one takes half a second of a core. No mocks, no globals. */
const PURE = [
  ...['channels', 'core', 'diarization', 'embedding', 'evaluation', 'model', 'recording', 'stft'].map(
    (folder) => `test/engine/${folder}/**/*.test.ts`,
  ),
  ...['files', 'protocol'].map((folder) => `test/host/${folder}/**/*.test.ts`),
  ...['base', 'health', 'model', 'visualizer', 'web/sound'].map((folder) => `test/ui/${folder}/**/*.test.ts`),
];
const IS_DAILY = process.env.CI !== undefined && process.env.UNMINGLE_NIGHTLY !== 'true';
/** A shared machine may take the processor away for longer than sound can wait; what fails twice is ours. */
const RETRIES = process.env.CI === undefined ? 0 : 1;

export default defineConfig({
  plugins: [builtWorkers()],
  test: {
    root: new URL('..', import.meta.url).pathname,
    testTimeout: 60_000,
    // Polls end as soon as they succeed; a page on a busy machine takes longer than the default of a second.
    expect: { poll: { timeout: 5_000 } },
    // Hooks open browsers and sessions.
    hookTimeout: 60_000,
    pool: 'forks',
    // The built program runs as Node loads it; transformed, its worker threads and its speed would differ.
    server: { deps: { external: [/\/dist\/(engine|host)\//] } },
    projects: [
      // On two cores vitest would start a single worker, which leaves one core idle.
      {
        extends: true,
        test: { name: 'pure', include: PURE, exclude: REAL_TIME, isolate: false, maxWorkers: 2 },
      },
      {
        extends: true,
        test: {
          name: 'units',
          include: ['test/**/*.test.ts'],
          exclude: [...PURE, ...WAITING, ...REAL_TIME, ...(IS_DAILY ? NIGHTLY : [])],
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: { name: 'waiting', include: WAITING, maxWorkers: 2, sequence: { groupOrder: 1 }, retry: RETRIES },
      },
      {
        extends: true,
        test: {
          name: 'real-time',
          include: REAL_TIME,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          retry: RETRIES,
        },
      },
    ],
  },
});
