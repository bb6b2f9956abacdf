import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SeparatorNodeOptions } from '../../engine/worklet/index.ts';
import { readRecording } from '../../host/audio/readRecording.ts';
import { demoMixturePath } from '../../host/files/demoFiles.ts';
import { writeDocumentedProject } from '../documentation.ts';
import { writeWav } from '../host/lab/evaluation/voiceFolders.ts';
import { temporaryFolder } from '../host/temporaryFolder.ts';
import { EXECUTABLE, FLAGS, HAS_BROWSER } from './browser.ts';
import { type StaticServer, serveFolder } from './staticServer.ts';

const project = temporaryFolder();
const PAGES = ['documented', 'examples'] as const;

/** Hands the examples to the test. Its first lines are those that the worklet's README documents. */
const EXAMPLES_MODULE = `
import { parsePreset } from 'unmingle/worklet';
import processorUrl from 'unmingle/worklet/processor?url';
import ann from 'unmingle/presets/synthetic-female.unmingle.json?raw';
import bob from 'unmingle/presets/synthetic-male.unmingle.json?raw';
import { VoiceEffect } from './examples/jitsi.mjs';
import { VoiceProcessor } from './examples/livekit.mjs';
import { SeparatedVoice, UNPROCESSED } from './examples/SeparatedVoice.mjs';

Object.assign(globalThis, {
  SeparatedVoice, VoiceEffect, VoiceProcessor, UNPROCESSED,
  speakers: { presets: [ann, bob].map(parsePreset), processorUrl },
});
`;

interface Voice {
  readonly stream: MediaStream;
  readonly track: MediaStreamTrack;
  start(microphone: MediaStream): void;
  stop(): void;
  close(): void;
}

/** What LiveKit requires of an audio `TrackProcessor`. */
interface TrackProcessor {
  readonly name: string;
  readonly processedTrack?: MediaStreamTrack | undefined;
  init(options: { readonly track: MediaStreamTrack; readonly audioContext: AudioContext }): Promise<void>;
  restart(options: { readonly track: MediaStreamTrack; readonly audioContext: AudioContext }): Promise<void>;
  destroy(): Promise<void>;
}

/** What lib-jitsi-meet requires of an effect. */
interface StreamEffect {
  isEnabled(track: { isAudioTrack(): boolean }): boolean;
  startEffect(microphone: MediaStream): MediaStream;
  stopEffect(): void;
}

/** Globals of the examples' page. */
interface ExampleGlobals {
  readonly SeparatedVoice: {
    create(context: AudioContext, speakers: SeparatorNodeOptions, voice: number): Promise<Voice>;
  };
  readonly VoiceEffect: new (voice: Voice) => StreamEffect;
  readonly VoiceProcessor: new (speakers: SeparatorNodeOptions, voice: number) => TrackProcessor;
  readonly UNPROCESSED: MediaTrackConstraints;
  readonly speakers: SeparatorNodeOptions;
}

/** Added to all pages. */
interface Listening {
  /** @returns the largest absolute sample, as soon as there is sound, after `seconds` otherwise */
  loudest(stream: MediaStream, seconds: number): Promise<number>;
  /** The same for each node that is connected to the loudspeaker. */
  heard(seconds: number): Promise<number[]>;
}

/** What users copy from the documentation, bundled by Vite as a user's project would be; the fake microphone plays the demo mixture. */
describe.skipIf(!HAS_BROWSER)('code for pages', { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: StaticServer;

  beforeAll(async () => {
    writeDocumentedProject(project);
    writeFileSync(join(project, 'documented.ts'), "import './blocks/engine-worklet-README-1.ts';\n");
    writeFileSync(join(project, 'examples.ts'), EXAMPLES_MODULE);
    for (const page of PAGES) {
      writeFileSync(join(project, `${page}.html`), `<script type="module" src="./${page}.ts"></script>`);
    }
    const input = PAGES.map((page) => join(project, `${page}.html`));
    await build({
      root: project,
      configFile: false,
      logLevel: 'warn',
      build: { target: 'es2023', rolldownOptions: { input } },
    });
    const { samples, sampleRateHertz } = await readRecording(demoMixturePath());
    const recording = join(project, 'microphone.wav');
    writeWav(recording, [...samples], { sampleRateHertz });
    server = await serveFolder(join(project, 'dist'));
    browser = await chromium.launch({
      executablePath: EXECUTABLE,
      args: [
        ...FLAGS,
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-audio-capture=${recording}`,
        '--autoplay-policy=no-user-gesture-required',
      ],
    });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  async function openPage(name: (typeof PAGES)[number]): Promise<Page> {
    const page = await browser.newPage();
    page.on('pageerror', (error) => {
      throw error;
    });
    await page.addInitScript(addListening);
    await page.goto(`${server.address}/${name}.html`);
    return page;
  }

  it("of the worklet's README plays both voices", async () => {
    const page = await openPage('documented');
    const heard = () => page.evaluate(() => (globalThis as unknown as Listening).heard(3));
    const isHeard = async () => (await heard()).map((loudest) => loudest > 0);
    await expect.poll(isHeard, { timeout: 20_000 }).toEqual([true, true, false]);
    await page.close();
  });

  it('separates a MediaStream into another one, for WebRTC, LiveKit and Jitsi', async () => {
    const page = await openPage('examples');
    await page.waitForFunction(() => 'speakers' in globalThis);
    const result = await page.evaluate(async () => {
      const { SeparatedVoice, VoiceEffect, VoiceProcessor, UNPROCESSED, speakers, loudest } =
        globalThis as unknown as ExampleGlobals & Listening;
      const microphone = await navigator.mediaDevices.getUserMedia({ audio: UNPROCESSED });
      const context = new AudioContext();
      const voice = await SeparatedVoice.create(context, speakers, 0);
      const before = await loudest(voice.stream, 0.3);
      voice.start(microphone);
      const started = await loudest(voice.stream, 5);
      voice.stop();
      await new Promise((resolve) => setTimeout(resolve, 300));
      const stopped = await loudest(voice.stream, 0.3);

      const effect = new VoiceEffect(voice);
      const jitsi = effect.isEnabled({ isAudioTrack: () => true })
        ? await loudest(effect.startEffect(microphone), 5)
        : 0;
      effect.stopEffect();
      const { track } = voice;
      voice.close();

      const processor = new VoiceProcessor(speakers, 1);
      const [input] = microphone.getAudioTracks();
      if (input === undefined) throw new Error('there is no microphone');
      await processor.init({ track: input, audioContext: context });
      const first = processor.processedTrack;
      await processor.restart({ track: input, audioContext: context });
      const second = processor.processedTrack;
      const livekit = await loudest(new MediaStream(second === undefined ? [] : [second]), 5);
      await processor.destroy();
      return {
        loudest: { before, started, stopped, jitsi, livekit },
        states: [track.readyState, first?.readyState, second?.readyState],
        isGone: processor.processedTrack === undefined && first !== second,
      };
    });
    const { before, started, stopped, jitsi, livekit } = result.loudest;
    expect([before, stopped]).toEqual([0, 0]);
    expect(Math.min(started, jitsi, livekit)).toBeGreaterThan(0.01);
    expect(result.states).toEqual(['ended', 'ended', 'ended']);
    expect(result.isGone).toBe(true);
    await page.close();
  });
});

/** Runs in the page. */
function addListening(): void {
  const SOUND = 0.01;
  const loudestOf = async (analyser: AnalyserNode, seconds: number) => {
    const samples = new Float32Array(analyser.fftSize);
    let loudest = 0;
    for (let look = 0; look < 20 * seconds && loudest < SOUND; look++) {
      analyser.getFloatTimeDomainData(samples);
      for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return loudest;
  };
  const analysers: AnalyserNode[] = [];
  const { connect } = AudioNode.prototype;
  const connectAndListen = function (this: AudioNode, ...parameters: unknown[]) {
    if (parameters[0] instanceof AudioDestinationNode) {
      const analyser: AudioNode = new AnalyserNode(this.context);
      Reflect.apply(connect, this, [analyser]);
      analysers.push(analyser as AnalyserNode);
    }
    return Reflect.apply(connect, this, parameters) as unknown;
  };
  AudioNode.prototype.connect = connectAndListen as typeof connect;
  const listening: Listening = {
    heard: (seconds) => Promise.all(analysers.map((analyser) => loudestOf(analyser, seconds))),
    loudest: async (stream, seconds) => {
      const context = new AudioContext();
      const analyser = new AnalyserNode(context);
      context.createMediaStreamSource(stream).connect(analyser);
      const loudest = await loudestOf(analyser, seconds);
      await context.close();
      return loudest;
    },
  };
  Object.assign(globalThis, listening);
}
