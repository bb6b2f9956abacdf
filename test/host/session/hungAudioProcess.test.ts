import { expect, it } from 'vitest';
import { resolveParameters } from '../../../engine/separator/parameters.ts';
import type * as AudioProcessModule from '../../../host/session/AudioProcess.ts';
import { defaultSettings } from '../../../host/session/liveSettings.ts';

// The built module, because it starts a process of the built program.
const MODULE = new URL('../../../dist/host/session/AudioProcess.js', import.meta.url).href;
const { AudioProcess, REQUEST_DEADLINES_MILLISECONDS } = (await import(MODULE)) as typeof AudioProcessModule;

const DEADLINE_MILLISECONDS = 400;

function start(slow: readonly (keyof typeof REQUEST_DEADLINES_MILLISECONDS)[]) {
  const lost: string[] = [];
  const deadlines = Object.fromEntries(slow.map((name) => [name, DEADLINE_MILLISECONDS]));
  const audio = new AudioProcess(
    {
      onStatus: () => {},
      onTelemetry: () => {},
      onSound: () => {},
      onMix: () => {},
      onInput: () => {},
      onFeedback: () => {},
      onNotice: () => {},
      onInputChosen: () => {},
      onRecordingFailed: () => {},
      onLost: (message) => lost.push(message),
    },
    { deadlinesMilliseconds: { ...REQUEST_DEADLINES_MILLISECONDS, ...deadlines } },
  );
  return { audio, lost };
}

function open(audio: InstanceType<typeof AudioProcess>) {
  const settings = defaultSettings({ backend: 'file', output: 'none' });
  const request = { ...settings, backend: 'file' as const, voiceChannels: null };
  return audio.request('open', { request, mix: settings, parameters: resolveParameters(), stream: null });
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

it.each(['devices', 'open'] as const)(
  'a process stopped before "%s" rejects the request after its deadline and is killed',
  async (name) => {
    const { audio, lost } = start([name]);
    const processId = audio.processId!;
    process.kill(processId, 'SIGSTOP');
    const startMilliseconds = performance.now();
    const request = name === 'open' ? open(audio) : audio.request('devices', { backend: 'file' });
    await expect(request).rejects.toMatchObject({ kind: 'timeout', remedy: 'it is being restarted; try again' });
    expect(performance.now() - startMilliseconds).toBeLessThan(DEADLINE_MILLISECONDS + 1000);
    expect(lost).toEqual([`the audio process did not answer "${name}" within 0.4 s`]);
    await expect.poll(() => isRunning(processId)).toBe(false);
    await expect(audio.request('devices', { backend: 'file' })).rejects.toMatchObject({ kind: 'gone' });
  },
);

it('a process stopped while it runs is reported once, and other requests in flight are rejected', async () => {
  const { audio, lost } = start(['mix']);
  await open(audio);
  process.kill(audio.processId!, 'SIGSTOP');
  const settings = defaultSettings();
  const results = await Promise.allSettled([
    audio.request('mix', settings),
    audio.request('parameters', resolveParameters()),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(lost).toHaveLength(1);
});

it('a process that hangs while it closes is killed without a report', async () => {
  const { audio, lost } = start(['close']);
  await open(audio);
  const processId = audio.processId!;
  process.kill(processId, 'SIGSTOP');
  await audio.close();
  await expect.poll(() => isRunning(processId)).toBe(false);
  expect(lost).toEqual([]);
});
