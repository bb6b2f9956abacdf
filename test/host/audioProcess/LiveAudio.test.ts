import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { resolveParameters } from '../../../engine/separator/parameters.ts';
import type { AudioBackend, StreamCallbacks, StreamRequest } from '../../../host/audio/backend/AudioBackend.ts';
import type { AudioDevice } from '../../../host/audio/backend/AudioDevice.ts';
import { AudioError } from '../../../host/audio/backend/AudioError.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import type { LiveAudio as LiveAudioType } from '../../../host/audioProcess/LiveAudio.ts';
import { parseTakeFile } from '../../../host/protocol/takeFile.ts';
import { randomPreset, syntheticVoice } from '../../engine/syntheticVoice.ts';

// Worker threads load the built files.
const builtPath = '../../../dist/host/audioProcess/LiveAudio.js';
const { LiveAudio } = (await import(builtPath)) as typeof import('../../../host/audioProcess/LiveAudio.ts');

const RATE = 16_000;
const BLOCK = 86;
const strip = { gainDecibels: 0, isMuted: false, isSoloed: false, isSent: false };
const mix = { speakers: [strip, strip], rest: strip, master: { gainDecibels: 0, isBypassed: false, wet: 1 } };
const presets = [randomPreset('one', 8, 1), randomPreset('two', 8, 2)];
const loaded = presets.map(({ name }, slot) => ({ id: slot + 1, name, presetHash: null }));
const voice = syntheticVoice(1, 120, 0.9, 2, RATE).map((value) => 8 * value);

const device: AudioDevice = {
  id: 'both',
  index: 0,
  name: 'Headset',
  inputChannels: 2,
  outputChannels: 2,
  sampleRateHertz: RATE,
  isDefaultInput: true,
  isDefaultOutput: true,
};

/** One duplex device on a real-time clock, whose loss a test can report. */
class ScriptedBackend implements AudioBackend {
  readonly name = 'file';
  readonly requests: StreamRequest[] = [];
  readonly played: number[] = [];
  callbacks: StreamCallbacks | null = null;
  private timer: NodeJS.Timeout | null = null;
  private position = 0;

  sharesClock() {
    return true;
  }

  async devices() {
    return [device];
  }

  async open(request: StreamRequest, callbacks: StreamCallbacks) {
    this.requests.push(request);
    this.callbacks = callbacks;
    const start = performance.now();
    const frames = new Float32Array(2 * BLOCK);
    let blocks = 0;
    this.timer = setInterval(() => {
      for (; (blocks * BLOCK * 1000) / RATE < performance.now() - start; blocks++) {
        for (let n = 0; n < BLOCK; n++, this.position++) {
          frames[2 * n] = 2 * voice[this.position % voice.length]!;
          frames[2 * n + 1] = 0;
        }
        callbacks.onInput(frames, BLOCK, 0);
        callbacks.onOutput(frames, BLOCK, 0);
        for (let n = 0; n < BLOCK; n++) this.played.push(frames[2 * n]!);
      }
    }, 5);
    return {
      sampleRateHertz: RATE,
      inputLatencySeconds: 0.01,
      outputLatencySeconds: 0.02,
      close: async () => {
        if (this.timer !== null) clearInterval(this.timer);
      },
    };
  }
}

const request = {
  backend: null,
  input: null,
  inputChannel: null,
  voiceChannels: null,
  output: null,
  send: null,
  sampleRateHertz: null,
};
const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, 1000 * count));

describe('LiveAudio', () => {
  const lost: string[] = [];
  const restarts: string[] = [];
  const remarks: string[] = [];
  let audio: LiveAudioType | null = null;
  afterEach(async () => {
    await audio?.close();
    audio = null;
  });

  async function open(backend: AudioBackend, changes: object = {}) {
    audio = await LiveAudio.open(
      backend,
      await backend.devices(),
      { ...request, ...changes },
      { mix, parameters: resolveParameters(), stream: null },
      {
        onLost: (error) => lost.push(error.kind),
        onRecordingFailed: (_, error) => lost.push(error.message),
        onSound: () => {},
        onMix: () => {},
        onInput: () => {},
        onFeedback: () => {},
        onNotice: () => {},
        onInputChosen: (remark) => remarks.push(remark),
        onEngineRestart: (error) => restarts.push(error.message),
      },
    );
    return audio;
  }

  it('opening fails if the device is lost while the engine starts', async () => {
    const backend = new ScriptedBackend();
    const opening = open(backend);
    await expect.poll(() => backend.callbacks).not.toBeNull();
    backend.callbacks!.onLost(new AudioError('gone', 'the sound server has gone', 'start it'));
    await expect(opening).rejects.toThrow(/the sound server has gone/);
    expect(lost).toEqual([]);
  });

  it('plays the mix through one duplex stream, and reports its latency correctly', async () => {
    const backend = new ScriptedBackend();
    const opened = await open(backend);
    expect(backend.requests).toHaveLength(1);
    const speakerSet = await opened.loadSpeakers({
      presets,
      voices: loaded,
      channels: [null, null],
      adaptation: null,
      background: null,
      latency: 'ear',
      windowSeconds: null,
    });
    expect(speakerSet.similarity).toHaveLength(4);
    await seconds(1);
    const { latency, counters, load } = opened.status();
    expect(latency.algorithmSeconds).toBeCloseTo(0.008, 3);
    expect(latency.deviceSeconds).toBeCloseTo(0.03, 6);
    expect(latency.totalSeconds).toBeGreaterThan(0.038);
    expect(latency.totalSeconds).toBeLessThan(0.2);
    expect(load.median).toBeGreaterThan(0);
    expect(counters.inputGaps).toBe(0);
    const frames: Uint8Array[] = [];
    for (let frame = opened.takeTelemetry(); frame !== null; frame = opened.takeTelemetry()) frames.push(frame);
    expect(frames.length).toBeGreaterThan(0);
    // All strips at unity: the output is the delayed input.
    const heardDelay = () => {
      const tail = backend.played.slice(-RATE / 5);
      const error = (delay: number) =>
        tail.reduce((sum, value, n) => {
          const source = backend.played.length - tail.length + n - delay;
          return sum + (value - voice[source % voice.length]!) ** 2;
        }, 0);
      const energy = tail.reduce((sum, value) => sum + value * value, 0);
      const delays = Array.from({ length: 8000 }, (_, delay) => delay);
      const best = delays.reduce((least, delay) => (error(delay) < error(least) ? delay : least), 0);
      return error(best) < 0.02 * energy ? best : null;
    };
    // A busy machine may cause a gap; then the next 0.2 s are examined.
    let delay = heardDelay();
    for (let attempt = 0; delay === null && attempt < 5; attempt++) {
      await seconds(0.5);
      delay = heardDelay();
    }
    expect(delay).not.toBeNull();
    const now = opened.status().latency;
    const claimed = (now.totalSeconds - now.deviceSeconds) * RATE;
    expect(Math.abs(delay! - claimed) / RATE).toBeLessThan(0.012);
  }, 20_000);

  it('records sample-aligned stems that are readable while they grow, and speech for training', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'unmingle-take-'));
    try {
      const opened = await open(new ScriptedBackend());
      await opened.loadSpeakers({
        presets,
        voices: loaded,
        channels: [null, null],
        adaptation: null,
        background: null,
        latency: 'ear',
        windowSeconds: null,
      });
      // After the voices have faded in, the stems sum to the mixture.
      await seconds(0.5);
      await opened.recorder.startTake(folder, loaded);
      await opened.recorder.startSpeech(join(folder, 'speech.wav'));
      await seconds(0.8);
      const growing = await readFile(join(folder, 'mixture.wav'));
      expect(growing.readUInt32LE(54)).toBe(growing.length - 58);
      expect(opened.status().take!.seconds).toBeGreaterThan(0.3);
      await opened.recorder.stopSpeech();
      await opened.recorder.stopTake();
      const stems = await Promise.all(
        ['mixture', '1-one', '2-two', 'rest', 'mix'].map((name) => readRecording(join(folder, `${name}.wav`), 60)),
      );
      const [mixture, one, two, rest] = stems.map(({ samples }) => samples);
      expect(new Set(stems.map(({ samples }) => samples.length)).size).toBe(1);
      expect(mixture!.some((value) => Math.abs(value) > 0.03)).toBe(true);
      // On overload the engine bypasses the separation for a while.
      if (opened.status().counters.overloads === 0) {
        for (const [n, value] of mixture!.entries())
          expect(Math.abs(one![n]! + two![n]! + rest![n]! - value)).toBeLessThan(1e-4);
      }
      expect((await readRecording(join(folder, 'speech.wav'), 60)).samples.length).toBeGreaterThan(RATE / 4);
      await expect(opened.recorder.startTake('/proc/nowhere', loaded)).rejects.toThrow(/cannot create/);
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 20_000);

  it('a take that the loss of the device ends is described as broken off', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'unmingle-lost-'));
    try {
      const backend = new ScriptedBackend();
      const opened = await open(backend);
      await opened.recorder.startTake(folder, []);
      await seconds(0.2);
      backend.callbacks!.onLost(new AudioError('gone', 'unplugged', 'plug it in'));
      await opened.close();
      const take = parseTakeFile(await readFile(join(folder, 'take.json'), 'utf8'));
      expect(take).toMatchObject({ state: 'broken-off', reason: expect.stringContaining('unplugged') });
      expect((await readRecording(join(folder, 'mixture.wav'), 60)).samples.length).toBe(take.samples);
      lost.length = 0;
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 20_000);

  it('finds the channel that sounds after some seconds of speech, and uses it at its level', async () => {
    const backend = new ScriptedBackend();
    await open(backend, { inputChannel: 'best' });
    const level = () => {
      const tail = backend.played.slice(-voice.length);
      return Math.sqrt(tail.reduce((sum, value) => sum + value * value, 0) / tail.length);
    };
    await seconds(2.5);
    const ofMean = level();
    expect(remarks).toEqual([]);
    await expect
      .poll(() => remarks, { timeout: 15_000 })
      .toEqual(['input "Headset": 1 of 2 channels is silent; channel 1 is used']);
    await seconds(2.5);
    expect(level() / ofMean).toBeGreaterThan(1.7);
    expect(level() / ofMean).toBeLessThan(2.3);
  }, 30_000);

  it('reports lost devices, and refuses devices and channels that do not exist', async () => {
    const backend = new ScriptedBackend();
    await open(backend, { inputChannel: 2 });
    backend.callbacks!.onLost(new AudioError('gone', 'unplugged', 'plug it in'));
    expect(lost).toEqual(['gone']);
    await audio!.close();
    await expect(open(backend, { inputChannel: 3 })).rejects.toThrow(/no input channel 3/);
    await expect(open(backend, { input: 'webcam' })).rejects.toThrow(/no input device matches "webcam".*Headset/);
  });
});
