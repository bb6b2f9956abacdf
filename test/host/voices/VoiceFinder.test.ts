import { afterEach, describe, expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { DEMO_SPEAKERS, demoVoicePath } from '../../../host/files/demoFiles.ts';
import { simulateConversation } from '../../../host/lab/conversation/Conversation.ts';
import { readDemoPresets } from '../../../host/library/defaultSpeakerSet.ts';
import { VoiceFinder } from '../../../host/voices/VoiceFinder.ts';
import { syntheticVoice } from '../../engine/syntheticVoice.ts';

const RATE_HERTZ = 16_000;
const TURN_SECONDS = 4;
const SECONDS = 40;
const low = syntheticVoice(1, 100, 0.85, SECONDS, RATE_HERTZ);
const high = syntheticVoice(2, 220, 1.15, SECONDS, RATE_HERTZ);

const demoPresets = (await readDemoPresets()).map(({ preset }) => preset);
const demoVoices = await Promise.all(
  DEMO_SPEAKERS.map(async (name) => (await readRecording(demoVoicePath(name))).samples),
);

/** @param text one letter for each turn: `l` the low voice, `h` the high one */
function spoken(text: string): Float32Array {
  const turns = [...text].map((letter, turn) =>
    (letter === 'l' ? low : high).slice(turn * TURN_SECONDS * RATE_HERTZ, (turn + 1) * TURN_SECONDS * RATE_HERTZ),
  );
  return Float32Array.from(turns.flatMap((turn) => [...turn]));
}

describe('VoiceFinder', () => {
  let finder: VoiceFinder;
  afterEach(() => finder.close());

  async function hear(samples: Float32Array): Promise<void> {
    for (let start = 0; start < samples.length; start += 5000)
      await finder.add(samples.subarray(start, start + 5000), RATE_HERTZ);
  }

  it('finds nobody before anything was heard', () => {
    finder = new VoiceFinder(2);
    expect(finder.find()).toEqual({ speechSeconds: 0, voices: [] });
    expect(finder.passages(1, [])).toEqual({ recordings: [], embedding: null });
  });

  it('finds a second voice when it speaks, and keeps the number of the first', async () => {
    finder = new VoiceFinder(2);
    await hear(spoken('lll'));
    expect(finder.find().voices.map(({ number }) => number)).toEqual([1]);
    await hear(spoken('lllhlhhlhl').subarray(3 * TURN_SECONDS * RATE_HERTZ));
    const { voices, speechSeconds } = finder.find();
    expect(voices.map(({ number }) => number)).toEqual([1, 2]);
    expect(speechSeconds).toBeGreaterThan(0.5 * SECONDS);
    for (const { soloSeconds } of voices) expect(soloSeconds).toBeGreaterThan(6);
    const [first, second] = voices.map(({ number }) => finder.passages(number, []));
    expect(share(first!.recordings, low)).toBeGreaterThan(0.9);
    expect(share(second!.recordings, high)).toBeGreaterThan(0.9);
    expect(first!.embedding).not.toBeNull();
  });

  it('leaves out speech in which another voice is active by its preset', async () => {
    const conversation = simulateConversation(
      demoVoices,
      RATE_HERTZ,
      { seconds: 90, overlap: 0.4, levelRangeDecibels: 3, reverberationSeconds: 0, noiseSnrDecibels: null },
      new Random(6),
    );
    finder = new VoiceFinder(2);
    await hear(conversation.mixture);
    finder.find();
    const found = [1, 2].map((number) => {
      const shares = conversation.references.map((voice) => share(finder.passages(number, []).recordings, voice));
      return { number, speaker: shares.indexOf(Math.max(...shares)), share: Math.max(...shares) };
    });
    const presets = found.map(({ number, speaker }) => ({ number, preset: demoPresets[speaker]! }));
    const gains = found.map(({ number, speaker, share: before }) => {
      const { recordings, embedding } = finder.passages(number, presets);
      const refined = share(recordings, conversation.references[speaker]!);
      expect(refined).toBeGreaterThan(0.95);
      expect(embedding).not.toBeNull();
      return refined - before;
    });
    expect(Math.min(...gains)).toBeGreaterThan(-0.005);
    expect(Math.max(...gains)).toBeGreaterThan(0.03);
  });

  it('still finds what a voice was learnt from to be its own', async () => {
    finder = new VoiceFinder(2);
    await hear(spoken('lhlhl'));
    finder.find();
    finder.passages(1, []);
    expect(finder.find().voices[0]!.agreement).toBeGreaterThan(0.9);
  });
});

/** @returns share of the samples that are those of this voice at some time */
function share(recordings: readonly { readonly samples: Float32Array }[], voice: Float32Array): number {
  const all = new Set(voice);
  let own = 0;
  let total = 0;
  for (const { samples } of recordings) {
    total += samples.length;
    for (const sample of samples) if (all.has(sample)) own++;
  }
  return own / total;
}
